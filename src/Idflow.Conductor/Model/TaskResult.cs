using System.Text.Json.Nodes;

namespace Idflow.Conductor.Model;

/// <summary>What a worker reports of a task it polled.</summary>
public sealed record TaskResult
{
    public string? WorkflowInstanceId { get; init; }
    public string? TaskId { get; init; }
    public TaskResultStatus Status { get; init; }

    /// <summary>Replaces the task's whole output.</summary>
    public JsonObject OutputData { get; init; } = [];
    public string? ReasonForIncompletion { get; init; }

    /// <summary>With IN_PROGRESS: seconds until the task can be polled again.</summary>
    public long CallbackAfterSeconds { get; init; }
    public string? WorkerId { get; init; }
    public IReadOnlyList<TaskExecLog> Logs { get; init; } = [];
    public string? ExternalOutputPayloadStoragePath { get; init; }
    public string? SubWorkflowId { get; init; }

    /// <summary>True: only the task's update time moves; everything else in this result is ignored.</summary>
    public bool ExtendLease { get; init; }
}

/// <summary>States a worker can report.</summary>
public enum TaskResultStatus { IN_PROGRESS, FAILED, FAILED_WITH_TERMINAL_ERROR, COMPLETED, CANCELED }

/// <summary>One line of a task's log; the time is epoch milliseconds.</summary>
public sealed record TaskExecLog
{
    public string? Log { get; init; }
    public string? TaskId { get; init; }
    public long CreatedTime { get; init; }
}

/// <summary>When a worker last asked for tasks of a type.</summary>
public sealed record PollData
{
    public string? QueueName { get; init; }
    public string? Domain { get; init; }
    public string? WorkerId { get; init; }
    public long LastPollTime { get; init; }
}
