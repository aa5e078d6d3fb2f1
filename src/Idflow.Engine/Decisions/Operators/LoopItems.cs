using System.Text.Json.Nodes;
using Idflow.Engine.Expressions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>The list that a DO_WHILE goes through.</summary>
internal static class LoopItems
{
    /// <summary>Evaluated anew for each pass; one value is a list of one. Null for a loop with a condition only.</summary>
    public static JsonArray? Of(WorkflowState state, DecisionContext context, TaskRow task)
    {
        var entry = task.Entry!;
        var source = string.IsNullOrWhiteSpace(entry.Items) ? entry.InputParameters["_items"] : JsonValue.Create(entry.Items);
        if (source is null)
        {
            return null;
        }
        return context.Services.Expressions.Evaluate(source, new ExpressionScope(state, task.TaskId), new PayloadMeter(context.Services.Limits.TaskPayloadBytes)) switch
        {
            JsonArray list => list,
            null => [],
            var single => [single.DeepClone()],
        };
    }
}
