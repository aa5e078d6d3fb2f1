using System.Text.Json;
using System.Text.Json.Nodes;

namespace Idflow.Engine.Expressions;

/// <summary>JSON that others wrote: of a name that stands twice in an object the last one counts, as it does to Conductor and to jq.</summary>
internal static class ForeignJson
{
    private const int DefaultDepth = 64;

    /// <exception cref="JsonException">The text is not JSON, or nested deeper than <paramref name="maxDepth"/>.</exception>
    public static JsonNode? Parse(string text, int maxDepth = DefaultDepth)
    {
        try
        {
            return JsonNode.Parse(text, null, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = maxDepth });
        }
        catch (JsonException)
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = maxDepth });
            return LastOfEach(document.RootElement);
        }
    }

    private static JsonNode? LastOfEach(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new JsonObject();
                foreach (var property in element.EnumerateObject())
                {
                    map[property.Name] = LastOfEach(property.Value);
                }
                return map;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(LastOfEach)]);
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }
}
