using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Server.Execution;

/// <summary>A start request with results for the tasks, in the order of their attempts.</summary>
internal sealed record WorkflowTestRequest
{
    public string? Name { get; init; }
    public int? Version { get; init; }
    public JsonObject? Input { get; init; } = [];
    public string? CorrelationId { get; init; }
    public int Priority { get; init; }
    public WorkflowDef? WorkflowDef { get; init; }
    public string? CreatedBy { get; init; }

    /// <summary>Per task reference name.</summary>
    public Dictionary<string, List<MockedResult>>? TaskRefToMockOutput { get; init; }

    /// <summary>Per reference name of a SUB_WORKFLOW task.</summary>
    public Dictionary<string, WorkflowTestRequest>? SubWorkflowTestRequest { get; init; }
}

/// <summary>One result; the times (milliseconds) are accepted and not needed.</summary>
internal sealed record MockedResult
{
    public TaskResultStatus? Status { get; init; }
    public JsonObject? Output { get; init; }
    public long? ExecutionTime { get; init; }
    public long? QueueWaitTime { get; init; }
}
