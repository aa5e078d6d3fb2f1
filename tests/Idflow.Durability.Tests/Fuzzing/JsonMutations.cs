using System.Text.Json;
using System.Text.Json.Nodes;

namespace Idflow.Durability.Tests.Fuzzing;

/// <summary>Sound JSON with a value of the wrong kind, or none, somewhere in it.</summary>
internal static class JsonMutations
{
    private static readonly string[] Values = ["null", "0", "-1", "99999999999999999999", "1.5", "true", "\"\"", "\"x\"", "\"UNKNOWN_VALUE\"", "[]", "[null]", "[[null]]", "[{}]", "{}", "{\"a\":null}", "\"${x.y}\""];

    /// <returns>Null for what is not JSON.</returns>
    public static string? Of(string text, Random random)
    {
        try
        {
            if (JsonNode.Parse(text) is not { } root)
            {
                return null;
            }
            var places = Places(root).ToList();
            if (places.Count > 0)
            {
                places[random.Next(places.Count)](JsonNode.Parse(Values[random.Next(Values.Length)]));
            }
            return root.ToJsonString();
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static IEnumerable<Action<JsonNode?>> Places(JsonNode node) => node switch
    {
        JsonObject map => map.ToList().SelectMany(entry => (entry.Value is { } inner ? Places(inner) : []).Prepend(value => map[entry.Key] = value)),
        JsonArray list => Enumerable.Range(0, list.Count).SelectMany(i => (list[i] is { } inner ? Places(inner) : []).Prepend(value => list[i] = value)),
        _ => [],
    };
}
