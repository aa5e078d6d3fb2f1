using System.Text.Json.Nodes;

namespace Idflow.Engine.Decisions;

/// <summary>A workflow's output at its end: the definition's expressions, else the output of its last task.</summary>
internal static class WorkflowOutput
{
    public static JsonObject Of(WorkflowState state, DecisionContext context)
    {
        if (state.TaskCount == 0)
        {
            return state.Row.Output;
        }
        var parameters = state.Graph.Definition.OutputParameters;
        if (parameters.Count > 0)
        {
            return (JsonObject)context.Services.Expressions.Evaluate(parameters, new ExpressionScope(state))!;
        }
        return (JsonObject)TaskOutputs.Of(state, state.Tasks.Last()).DeepClone();
    }
}
