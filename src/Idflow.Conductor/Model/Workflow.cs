using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Idflow.Conductor.Model;

/// <summary>One execution of a workflow. Times are epoch milliseconds, 0 or absent when unset.</summary>
public sealed record Workflow
{
    public required string WorkflowId { get; init; }
    public WorkflowStatus Status { get; init; }

    /// <summary>Derived from the definition; written, never read.</summary>
    public string? WorkflowName { get; init; }
    public int WorkflowVersion { get; init; }
    public JsonObject Input { get; init; } = [];
    public JsonObject Output { get; init; } = [];
    public JsonObject Variables { get; init; } = [];

    /// <summary>Every attempt of every task, by sequence.</summary>
    public IReadOnlyList<TaskExecution> Tasks { get; init; } = [];

    /// <summary>The copy of the definition that this run uses.</summary>
    public WorkflowDef? WorkflowDefinition { get; init; }
    public string? CorrelationId { get; init; }
    public string? Event { get; init; }
    public string? ReasonForIncompletion { get; init; }
    public string? ParentWorkflowId { get; init; }
    public string? ParentWorkflowTaskId { get; init; }
    public string? ReRunFromWorkflowId { get; init; }
    public int Priority { get; init; }
    public JsonObject TaskToDomain { get; init; } = [];
    public IReadOnlyList<string> FailedReferenceTaskNames { get; init; } = [];
    public IReadOnlyList<string> FailedTaskNames { get; init; } = [];
    public long CreateTime { get; init; }
    public long StartTime { get; init; }
    public long? UpdateTime { get; init; }
    public long EndTime { get; init; }
    public long LastRetriedTime { get; init; }
    public string? CreatedBy { get; init; }
    public string? UpdatedBy { get; init; }
    public string? OwnerApp { get; init; }
    public string? ExternalInputPayloadStoragePath { get; init; }
    public string? ExternalOutputPayloadStoragePath { get; init; }
    public IReadOnlyList<Workflow> History { get; init; } = [];
    public string? IdempotencyKey { get; init; }
    public string? RateLimitKey { get; init; }
    public bool RateLimited { get; init; }

    [JsonIgnore]
    public bool IsTerminal => Status.IsTerminal();
}

/// <summary>State of a workflow execution.</summary>
public enum WorkflowStatus { RUNNING, COMPLETED, FAILED, TIMED_OUT, TERMINATED, PAUSED }

/// <summary>What the states of a workflow mean.</summary>
public static class WorkflowStatusExtensions
{
    public static bool IsTerminal(this WorkflowStatus status) => status is not (WorkflowStatus.RUNNING or WorkflowStatus.PAUSED);

    public static bool IsSuccessful(this WorkflowStatus status) => status is WorkflowStatus.COMPLETED or WorkflowStatus.PAUSED;
}
