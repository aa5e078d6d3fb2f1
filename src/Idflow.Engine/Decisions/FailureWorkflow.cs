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
        if (context.Services.Definitions.FindWorkflow(name, version) is { } definition)
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
