using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Workers.Execution;

/// <summary>How a task method ended.</summary>
/// <param name="Status">COMPLETED, FAILED, FAILED_WITH_TERMINAL_ERROR, or IN_PROGRESS where the method asked to be called again.</param>
/// <param name="Output">The task's output; empty after a failure.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="CallbackAfterSeconds">With IN_PROGRESS: when to call again.</param>
/// <param name="RetryAfter">With FAILED: not before this time.</param>
public sealed record TaskOutcome(TaskResultStatus Status, JsonObject Output, string? Reason = null, long CallbackAfterSeconds = 0, TimeSpan? RetryAfter = null)
{
    internal static TaskOutcome Failed(string reason, TimeSpan? retryAfter = null) => new(TaskResultStatus.FAILED, [], reason, RetryAfter: retryAfter);

    internal static TaskOutcome Terminal(string reason) => new(TaskResultStatus.FAILED_WITH_TERMINAL_ERROR, [], reason);
}
