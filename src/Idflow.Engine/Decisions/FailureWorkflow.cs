using System.Text.Json.Nodes;
using Idflow.Engine.Definitions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>The workflow that a definition names for its failures. Its id stands in the failed run's output.</summary>
internal static class FailureWorkflow
{
    private const string OutputKey = "conductor.failure_workflow";

    public static WorkflowRow Announce(WorkflowState state, DecisionContext context, WorkflowRow row)
    {
        if (NameFrom(state) is not { } name)
        {
            return row;
        }
        var output = (JsonObject)row.Output.DeepClone();
        var version = state.Graph.Definition.FailureWorkflowVersion;
        var limit = context.Services.Limits.FailureWorkflowDepth;
        if (Depth(row, context, limit) is var depth && depth >= limit)
        {
            output[OutputKey] = $"Error workflow {name} failed to start.  reason: this workflow is number {depth} of failure workflows in a row, each started for the failure of the one before; the limit is {limit} ({LimitSettings.FailureWorkflowDepth})";
        }
        else if (context.Services.Definitions.FindWorkflow(name, version) is { } definition)
        {
            var id = context.Ids.NewId();
            output[OutputKey] = id;
            state.Emit(new Effect.StartFailureWorkflow(id, name, definition.Version));
        }
        else
        {
            output[OutputKey] = $"Error workflow {name} failed to start.  reason: {DefinitionErrors.NoSuchWorkflow(name, version)}";
        }
        return row with { Output = output };
    }

    /// <summary>How many failure workflows led to this one, itself included; 0 for one that was started otherwise. The failed run's output names the workflow that was started for it.</summary>
    private static int Depth(WorkflowRow row, DecisionContext context, int most)
    {
        var depth = 0;
        while (depth < most && row.Input["workflowId"] is JsonValue id && id.TryGetValue<string>(out var failedId)
            && context.FindWorkflow(failedId) is { } failed && failed.Output[OutputKey]?.ToString() == row.WorkflowId)
        {
            (row, depth) = (failed, depth + 1);
        }
        return depth;
    }

    /// <summary>A name, or <c>$workflow.input.key</c> for a name in the input.</summary>
    private static string? NameFrom(WorkflowState state)
    {
        var given = state.Graph.Definition.FailureWorkflow;
        if (string.IsNullOrWhiteSpace(given))
        {
            return null;
        }
        return given[0] != '$' ? given : given.Split('.') is [_, _, var key, ..] ? state.Row.Input[key]?.ToString() : null;
    }
}
