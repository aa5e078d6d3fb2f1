using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Expressions;

namespace Idflow.Engine.Decisions;

/// <summary>Inputs of tasks: the entry's parameters over its definition's template, evaluated.</summary>
internal static class TaskInputs
{
    /// <exception cref="PayloadOverflowException">It would be over the limit.</exception>
    public static JsonObject Build(WorkflowTask entry, WorkflowState state, DecisionContext context, string? taskId, bool withTemplate)
    {
        var template = withTemplate ? entry.TaskDefinition?.InputTemplate ?? [] : [];
        var parameters = template.Count == 0 ? entry.InputParameters : WithDefaults(entry.InputParameters, template);
        if (parameters.Count == 0)
        {
            return [];
        }
        var scope = new ExpressionScope(state, taskId);
        var meter = new PayloadMeter(context.Services.Limits.TaskPayloadBytes);
        var input = (JsonObject)context.Services.Expressions.Evaluate(parameters, scope, meter)!;
        foreach (var (key, value) in template)
        {
            // What resolves to null falls back as well.
            input[key] ??= context.Services.Expressions.Evaluate(value, scope, meter);
        }
        return input;
    }

    /// <summary>A copy with the keys of the template that are absent.</summary>
    public static JsonObject WithDefaults(JsonObject values, JsonObject template)
    {
        var merged = (JsonObject)values.DeepClone();
        foreach (var (key, value) in template)
        {
            merged.TryAdd(key, value?.DeepClone());
        }
        return merged;
    }

    /// <summary>A copy in which the entries of <paramref name="top"/> replace those of <paramref name="bottom"/>.</summary>
    public static JsonObject Overlay(JsonObject bottom, JsonObject top)
    {
        var merged = (JsonObject)bottom.DeepClone();
        foreach (var (key, value) in top)
        {
            merged[key] = value?.DeepClone();
        }
        return merged;
    }
}
