using Idflow.Conductor.Model;

namespace Idflow.Engine.Decisions;

/// <summary>Ends the workflow that is being decided.</summary>
internal sealed class WorkflowEndException(WorkflowStatus status, string? reason, string? taskId = null) : Exception(reason)
{
    public WorkflowStatus Status { get; } = status;

    public string? Reason { get; } = reason;

    /// <summary>The task that is to blame.</summary>
    public string? TaskId { get; } = taskId;
}

/// <summary>An entry cannot be scheduled with the values it got: as the first one it refuses the start, later on it fails the workflow.</summary>
internal sealed class InvalidEntryException(string message) : Exception(message);
