using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Idflow.Conductor.Model;

/// <summary>Starts a workflow by name, or from an inline definition.</summary>
public sealed record StartWorkflowRequest
{
    public string? Name { get; init; }

    /// <summary>Absent: the highest registered version.</summary>
    public int? Version { get; init; }
    /// <summary>Null is refused by the server, so it is written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public JsonObject? Input { get; init; } = [];
    public string? CorrelationId { get; init; }

    /// <summary>0 to 99.</summary>
    public int Priority { get; init; }
    public JsonObject TaskToDomain { get; init; } = [];
    public WorkflowDef? WorkflowDef { get; init; }
    public string? ExternalInputPayloadStoragePath { get; init; }
    public string? CreatedBy { get; init; }
    public string? IdempotencyKey { get; init; }
    public IdempotencyStrategy? IdempotencyStrategy { get; init; }
}

/// <summary>What a start with a known idempotency key does; absent counts as RETURN_EXISTING.</summary>
public enum IdempotencyStrategy { FAIL, RETURN_EXISTING, FAIL_ON_RUNNING }

public sealed record RerunWorkflowRequest
{
    public string? ReRunFromWorkflowId { get; init; }
    public string? ReRunFromTaskId { get; init; }
    public JsonObject? TaskInput { get; init; }
    public JsonObject? WorkflowInput { get; init; }
    public string? CorrelationId { get; init; }
}

public sealed record SkipTaskRequest
{
    public JsonObject? TaskInput { get; init; }
    public JsonObject? TaskOutput { get; init; }
}

/// <summary>A search in Conductor's query language; see the method that takes it.</summary>
public sealed record SearchRequest
{
    public int Start { get; init; }
    public int Size { get; init; } = 100;

    /// <summary><c>field:ASC|other:DESC</c>.</summary>
    public string? Sort { get; init; }
    public string FreeText { get; init; } = "*";

    /// <summary>Conditions joined by <c> AND </c>.</summary>
    public string? Query { get; init; }
}

public sealed record SearchResult<T>
{
    public long TotalHits { get; init; }
    public IReadOnlyList<T> Results { get; init; } = [];
}

/// <summary>Per id: done, or the text of the error.</summary>
public sealed record BulkResponse
{
    public IReadOnlyDictionary<string, string> BulkErrorResults { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<string> BulkSuccessfulResults { get; init; } = [];
}

/// <summary>A workflow in search results; times are ISO text in UTC.</summary>
public sealed record WorkflowSummary
{
    public string? WorkflowType { get; init; }
    public int Version { get; init; }
    public string? WorkflowId { get; init; }
    public string? CorrelationId { get; init; }
    public string? StartTime { get; init; }
    public string? UpdateTime { get; init; }
    public string? EndTime { get; init; }
    public WorkflowStatus Status { get; init; }
    public string? Input { get; init; }
    public string? Output { get; init; }
    public long InputSize { get; init; }
    public long OutputSize { get; init; }
    public string? ReasonForIncompletion { get; init; }
    public long ExecutionTime { get; init; }
    public string? Event { get; init; }
    public string? FailedReferenceTaskNames { get; init; }
    public IReadOnlyList<string> FailedTaskNames { get; init; } = [];
    public int Priority { get; init; }
    public string? CreatedBy { get; init; }
    public JsonObject TaskToDomain { get; init; } = [];
    public string? IdempotencyKey { get; init; }
    public string? ParentWorkflowId { get; init; }
    public string? Classifier { get; init; }
    public string? ExternalInputPayloadStoragePath { get; init; }
    public string? ExternalOutputPayloadStoragePath { get; init; }
}

/// <summary>A task in search results; times are ISO text in UTC.</summary>
public sealed record TaskSummary
{
    public string? TaskId { get; init; }
    public string? TaskType { get; init; }
    public string? TaskDefName { get; init; }

    /// <summary>Of idflow only; the web UI has a column for it.</summary>
    public string? TaskReferenceName { get; init; }
    public string? WorkflowId { get; init; }
    public string? WorkflowType { get; init; }
    public string? CorrelationId { get; init; }
    public string? ScheduledTime { get; init; }
    public string? StartTime { get; init; }
    public string? UpdateTime { get; init; }
    public string? EndTime { get; init; }
    public TaskExecutionStatus Status { get; init; }
    public string? ReasonForIncompletion { get; init; }
    public long ExecutionTime { get; init; }
    public long QueueWaitTime { get; init; }
    public string? Input { get; init; }
    public string? Output { get; init; }
    public int WorkflowPriority { get; init; }
    public string? Domain { get; init; }
    public string? ExternalInputPayloadStoragePath { get; init; }
    public string? ExternalOutputPayloadStoragePath { get; init; }
}
