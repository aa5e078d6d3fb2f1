using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Engine.Expressions;

namespace Idflow.Engine.Events;

/// <summary>Texts that hold JSON maps or lists, as maps and lists.</summary>
internal static class InlineJson
{
    public static JsonObject Expand(JsonObject value) => (JsonObject)ExpandNode(value)!;

    private static JsonNode? ExpandNode(JsonNode? value) => value switch
    {
        JsonObject map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, ExpandNode(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(ExpandNode)]),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => Parsed(text.GetValue<string>()) ?? text.DeepClone(),
        _ => value?.DeepClone(),
    };

    private static JsonNode? Parsed(string text)
    {
        var start = text.AsSpan().TrimStart();
        if (start.Length == 0 || start[0] is not ('{' or '['))
        {
            return null;
        }
        try
        {
            return ExpandNode(ForeignJson.Parse(text));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
