using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Definitions;
using Idflow.Engine.State;

namespace Idflow.Engine.Execution;

/// <summary>What a new workflow is made of.</summary>
internal sealed record NewWorkflow
{
    public required WorkflowGraph Graph { get; init; }
    public string? WorkflowId { get; init; }
    public JsonObject Input { get; init; } = [];
    public string? CorrelationId { get; init; }
    public string? IdempotencyKey { get; init; }
    public int Priority { get; init; }
    public JsonObject TaskToDomain { get; init; } = [];
    public string? ParentWorkflowId { get; init; }
    public string? ParentWorkflowTaskId { get; init; }
    public string? Event { get; init; }
    public string? CreatedBy { get; init; }
}

/// <summary>Makes new workflows and takes their first decision.</summary>
internal sealed class WorkflowStarter(Catalogue catalogue, SnapshotCache snapshots, EngineLimits limits)
{
    /// <exception cref="ConductorException">404 for an unknown name or version; 400 for an input over the limit, or one that the first task refuses.</exception>
    public WorkflowState Start(ChangeUnit unit, NewWorkflow start)
    {
        var definition = start.Graph.Definition;
        var input = definition.InputTemplate.Count == 0 ? start.Input : TaskInputs.WithDefaults(start.Input, definition.InputTemplate);
        PayloadLimits.CheckInput(input, limits);
        var now = unit.Context.Now;
        var id = start.WorkflowId ?? unit.Context.Ids.NewId();
        var state = new WorkflowState(new WorkflowRow
        {
            WorkflowId = id,
            ExternalInputPath = PayloadLimits.InputPath(id, input, limits),
            Name = definition.Name!,
            Version = definition.Version,
            SnapshotId = start.Graph.SnapshotId,
            Classifier = Classifier.Of(definition),
            Status = WorkflowStatus.RUNNING,
            Input = input,
            Variables = definition.Variables,
            CorrelationId = start.CorrelationId,
            IdempotencyKey = start.IdempotencyKey,
            Priority = start.Priority,
            TaskToDomain = start.TaskToDomain,
            ParentWorkflowId = start.ParentWorkflowId,
            ParentWorkflowTaskId = start.ParentWorkflowTaskId,
            Event = start.Event,
            CreatedBy = start.CreatedBy,
            CreateTime = now,
            UpdateTime = now,
        }, start.Graph);
        unit.Decide(state);
        unit.Created.Add(state);
        return state;
    }

    /// <summary>False for an input over the limit.</summary>
    public bool Accepts(JsonObject input) => PayloadSize.Of(input) <= limits.WorkflowPayloadBytes;

    /// <summary>The graph for a name, or for an inline definition.</summary>
    /// <exception cref="ConductorException">404.</exception>
    public WorkflowGraph Resolve(string? name, int? version, WorkflowDef? inline) => inline is not null
        ? catalogue.GraphOf(inline, snapshots)
        : catalogue.GraphOf(name ?? "", version, snapshots) ?? throw ConductorException.NotFound(DefinitionErrors.NoSuchWorkflow(name ?? "", version));
}
