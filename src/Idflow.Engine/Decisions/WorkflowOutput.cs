using System.Text.Json.Nodes;
using Idflow.Engine.Expressions;

namespace Idflow.Engine.Decisions;

/// <summary>A workflow's output at its end: the definition's expressions, else the output of its last task.</summary>
internal static class WorkflowOutput
{
    /// <summary>Stands for an output over the limit that was not made.</summary>
    public static readonly JsonObject GivenUp = [];

    public static JsonObject Of(WorkflowState state, DecisionContext context)
    {
        if (state.TaskCount == 0)
        {
            return state.Row.Output;
        }
        var parameters = state.Graph.Definition.OutputParameters;
        if (parameters.Count > 0)
        {
            try
            {
                return (JsonObject)context.Services.Expressions.Evaluate(parameters, new ExpressionScope(state), new PayloadMeter(context.Services.Limits.WorkflowPayloadBytes))!;
            }
            catch (PayloadOverflowException)
            {
                return GivenUp;
            }
        }
        return (JsonObject)TaskOutputs.Of(state, state.Tasks.Last()).DeepClone();
    }
}
