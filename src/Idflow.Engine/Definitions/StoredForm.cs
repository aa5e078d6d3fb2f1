using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Definitions;

/// <summary>Definitions as Conductor shows them once they are stored: with the defaults inside of their maps.</summary>
internal static class StoredForm
{
    public static WorkflowDef Of(WorkflowDef definition) => definition with { RateLimitConfig = With(definition.RateLimitConfig, "policy", "QUEUE") };

    public static EventHandlerDef Of(EventHandlerDef handler) => handler with
    {
        Actions = [.. handler.Actions.Select(action => action with { StartWorkflow = With(action.StartWorkflow, "input", new JsonObject()) })],
    };

    private static JsonObject? With(JsonObject? map, string key, JsonNode value)
    {
        if (map is null || map[key] is not null)
        {
            return map;
        }
        var copy = (JsonObject)map.DeepClone();
        copy[key] = value;
        return copy;
    }
}
