using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Expressions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>SUB_WORKFLOW: starts another workflow and ends as that one ends. The engine starts the child once this task is on disk.</summary>
internal sealed class SubWorkflowOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Async;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        var parameters = entry.SubWorkflowParam
            ?? throw new WorkflowEndException(WorkflowStatus.FAILED, $"Task {entry.Name} is defined as sub-workflow and is missing subWorkflowParams. Please check the workflow definition");
        var definition = parameters.WorkflowDefinition is JsonObject embedded ? embedded.DeepClone() : mapping.Evaluate(parameters.WorkflowDefinition);
        var name = definition is JsonObject inline && inline["name"] is { } inlineName ? inlineName.DeepClone() : mapping.Evaluate(parameters.Name);
        var priority = Number(mapping.Evaluate(parameters.Priority?.DeepClone()));
        var input = new JsonObject
        {
            ["subWorkflowName"] = name,
            ["subWorkflowVersion"] = definition is JsonObject ? null : Version(mapping, parameters, JavaText.Of(name)),
            ["priority"] = priority,
            ["subWorkflowTaskToDomain"] = mapping.Evaluate(parameters.TaskToDomain?.DeepClone()),
            ["subWorkflowDefinition"] = definition,
            ["workflowInput"] = mapping.Input(entry),
            ["idempotencyKey"] = mapping.Evaluate(parameters.IdempotencyKey),
            ["idempotencyStrategy"] = mapping.Evaluate(parameters.IdempotencyStrategy),
        };
        return
        [
            mapping.NewTask(entry, TaskTypes.SubWorkflow, TaskExecutionStatus.SCHEDULED, input) with
            {
                DueTime = mapping.Context.Now + entry.StartDelay * 1000L,
                CallbackAfterSeconds = entry.StartDelay,
                WorkflowPriority = priority ?? mapping.State.Row.Priority,
            },
        ];
    }

    /// <summary>Members of dynamic forks come without the version that the start pins for the entries of a definition.</summary>
    private static int? Version(Mapping mapping, SubWorkflowParams parameters, string name) =>
        Number(mapping.Evaluate(parameters.Version?.DeepClone())) ?? mapping.Context.Services.Definitions.FindWorkflow(name, null)?.Version;

    private static int? Number(JsonNode? value) => int.TryParse(value?.ToString(), out var number) ? number : null;
}
