using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Decisions;

/// <summary>Inputs of tasks: the entry's parameters over its definition's template, evaluated.</summary>
internal static class TaskInputs
{
    public static JsonObject Build(WorkflowTask entry, WorkflowState state, DecisionContext context, string? taskId, bool withTemplate)
    {
        var parameters = entry.InputParameters;
        if (withTemplate && entry.TaskDefinition?.InputTemplate is { Count: > 0 } template)
        {
            parameters = WithDefaults(parameters, template);
        }
        return parameters.Count == 0 ? [] : (JsonObject)context.Services.Expressions.Evaluate(parameters, new ExpressionScope(state, taskId))!;
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
