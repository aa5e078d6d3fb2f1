using System.Text.Json.Nodes;

namespace Idflow.Conductor.Model;

/// <summary>A workflow definition, known by <see cref="Name"/> and <see cref="Version"/>.</summary>
public sealed record WorkflowDef
{
    public string? Name { get; init; }
    public int Version { get; init; } = 1;
    public string? Description { get; init; }
    public IReadOnlyList<WorkflowTask> Tasks { get; init; } = [];

    /// <summary>Names of the expected input keys; documentation only.</summary>
    public IReadOnlyList<string> InputParameters { get; init; } = [];

    /// <summary>Expressions of the workflow's output. Empty: the output of the last task.</summary>
    public JsonObject OutputParameters { get; init; } = [];

    /// <summary>Values for input keys that the start request leaves out.</summary>
    public JsonObject InputTemplate { get; init; } = [];

    /// <summary>Initial values of <c>workflow.variables</c>.</summary>
    public JsonObject Variables { get; init; } = [];
    public JsonObject Metadata { get; init; } = [];
    public int SchemaVersion { get; init; } = 2;
    public bool Restartable { get; init; } = true;

    /// <summary>Seconds; 0 = no limit.</summary>
    public long TimeoutSeconds { get; init; }
    public WorkflowTimeoutPolicy TimeoutPolicy { get; init; } = WorkflowTimeoutPolicy.ALERT_ONLY;
    public string? FailureWorkflow { get; init; }
    public int? FailureWorkflowVersion { get; init; }
    public bool WorkflowStatusListenerEnabled { get; init; }
    public string? WorkflowStatusListenerSink { get; init; }
    public JsonObject? RateLimitConfig { get; init; }
    public JsonObject? InputSchema { get; init; }
    public JsonObject? OutputSchema { get; init; }
    public bool EnforceSchema { get; init; } = true;
    public JsonObject? CacheConfig { get; init; }
    public IReadOnlyList<string> MaskedFields { get; init; } = [];
    public string? OwnerEmail { get; init; }
    public string? OwnerApp { get; init; }
    public long? CreateTime { get; init; } = 0;
    public long? UpdateTime { get; init; } = 0;
    public string? CreatedBy { get; init; }
    public string? UpdatedBy { get; init; }
}

/// <summary>What happens when a workflow's time is up.</summary>
public enum WorkflowTimeoutPolicy { TIME_OUT_WF, ALERT_ONLY }
