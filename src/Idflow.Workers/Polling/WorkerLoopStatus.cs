namespace Idflow.Workers.Polling;

/// <summary>The state of one poll loop.</summary>
/// <param name="TaskType">What it polls.</param>
/// <param name="Running">Tasks that run now.</param>
/// <param name="Concurrency">Tasks that may run at once.</param>
/// <param name="LastPoll">When the last poll was answered.</param>
/// <param name="Paused">Not polled on request.</param>
/// <param name="Restarts">How often the loop had to be started again.</param>
/// <param name="Problem">Why the last poll failed; null when it did not.</param>
public sealed record WorkerLoopStatus(string TaskType, int Running, int Concurrency, DateTimeOffset? LastPoll, bool Paused, int Restarts, string? Problem);
