namespace Idflow.Workers.Children;

/// <summary>The state of a supervised child worker process.</summary>
/// <param name="Source">The task source that it serves.</param>
/// <param name="Tasks">The task names.</param>
/// <param name="State">What it does now.</param>
/// <param name="ProcessId">Null while it does not run.</param>
/// <param name="WorkerId">Null while it does not run.</param>
/// <param name="Running">Tasks that run in it now.</param>
/// <param name="Restarts">How often it was replaced.</param>
/// <param name="Problem">Why it last ended, or cannot serve.</param>
public sealed record WorkerProcessStatus(string Source, IReadOnlyList<string> Tasks, WorkerProcessState State, int? ProcessId, string? WorkerId, int Running, int Restarts, string? Problem);

/// <summary>What a supervised process does.</summary>
public enum WorkerProcessState
{
    Starting,
    Serving,

    /// <summary>It died and is started again after a wait.</summary>
    Waiting,

    /// <summary>It cannot serve; see the problem. It is not started again.</summary>
    Refused,
    Stopped,
}
