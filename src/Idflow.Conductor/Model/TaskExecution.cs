using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Idflow.Conductor.Model;

/// <summary>
/// One attempt of a task in a workflow: Conductor's <c>Task</c> (the name would hide
/// <see cref="System.Threading.Tasks.Task"/>). Times are epoch milliseconds, 0 when unset.
/// </summary>
public sealed record TaskExecution
{
    public string? TaskId { get; init; }
    public string? WorkflowInstanceId { get; init; }
    public string? ReferenceTaskName { get; init; }

    /// <summary>For worker tasks the name to poll for.</summary>
    public string? TaskType { get; init; }
    public string? TaskDefName { get; init; }
    public string? WorkflowType { get; init; }
    public TaskExecutionStatus Status { get; init; }
    public int Seq { get; init; }
    public int Iteration { get; init; }

    /// <summary>0 for the first attempt.</summary>
    public int RetryCount { get; init; }
    public int PollCount { get; init; }
    public JsonObject InputData { get; init; } = [];
    public JsonObject OutputData { get; init; } = [];
    public string? ReasonForIncompletion { get; init; }
    public string? WorkerId { get; init; }
    public string? CorrelationId { get; init; }
    public string? Domain { get; init; }
    public long ScheduledTime { get; init; }
    public long StartTime { get; init; }
    public long EndTime { get; init; }
    public long UpdateTime { get; init; }
    public long FirstStartTime { get; init; }
    public long QueueWaitTime { get; init; }
    public int StartDelayInSeconds { get; init; }
    public long CallbackAfterSeconds { get; init; }
    public long ResponseTimeoutSeconds { get; init; }
    public bool CallbackFromWorker { get; init; } = true;
    public bool Retried { get; init; }
    public bool Executed { get; init; }
    public bool SubworkflowChanged { get; init; }
    public bool LoopOverTask { get; init; }
    public string? RetriedTaskId { get; init; }
    public string? SubWorkflowId { get; init; }
    public string? ParentTaskId { get; init; }
    public WorkflowTask? WorkflowTask { get; init; }
    public TaskDef? TaskDefinition { get; init; }
    public int RateLimitPerFrequency { get; init; }
    public int RateLimitFrequencyInSeconds { get; init; }
    public int WorkflowPriority { get; init; }
    public string? IsolationGroupId { get; init; }
    public string? ExecutionNameSpace { get; init; }
    public string? ExternalInputPayloadStoragePath { get; init; }
    public string? ExternalOutputPayloadStoragePath { get; init; }
    public ExecutionMetadata ExecutionMetadata { get; init; } = ExecutionMetadata.None;
    public JsonObject? RuntimeMetadata { get; init; }

    [JsonIgnore]
    public bool IsTerminal => Status.IsTerminal();
}

/// <summary>State of a task attempt.</summary>
public enum TaskExecutionStatus
{
    IN_PROGRESS,
    CANCELED,
    FAILED,
    FAILED_WITH_TERMINAL_ERROR,
    COMPLETED,
    COMPLETED_WITH_ERRORS,
    SCHEDULED,
    TIMED_OUT,
    SKIPPED,
}

/// <summary>What the states of a task mean.</summary>
public static class TaskExecutionStatusExtensions
{
    public static bool IsTerminal(this TaskExecutionStatus status) => status is not (TaskExecutionStatus.SCHEDULED or TaskExecutionStatus.IN_PROGRESS);

    /// <summary>As the engine's conditions use it: open tasks count as successful.</summary>
    public static bool IsSuccessful(this TaskExecutionStatus status) => status is TaskExecutionStatus.SCHEDULED or TaskExecutionStatus.IN_PROGRESS
        or TaskExecutionStatus.COMPLETED or TaskExecutionStatus.COMPLETED_WITH_ERRORS or TaskExecutionStatus.SKIPPED;

    public static bool IsRetriable(this TaskExecutionStatus status) => status is not (TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR
        or TaskExecutionStatus.CANCELED or TaskExecutionStatus.SKIPPED);
}
