using System.Text.Json;
using System.Text.Json.Nodes;

namespace Idflow.Workers.Binding;

/// <summary>Says of a value that does not fit: which key, what was expected there, what came.</summary>
internal static class Mismatch
{
    private const int ShownLength = 60;

    public static string Describe(JsonNode root, InputParameter parameter, JsonException error)
    {
        var segments = Segments(error.Path);
        var (value, type, path) = Walk(root, parameter, segments);
        if (MissingMembers(value, type) is { Count: > 0 } missing)
        {
            var names = string.Join(", ", missing.Select(m => $"'{Join(path, m)}'"));
            return $"Input {names} {(missing.Count == 1 ? "is" : "are")} missing; {Named(path, parameter)} must be {TypeNames.Of(type!)}.";
        }

        var expected = type is null ? TypeNames.Of(parameter.Type) : TypeNames.Of(type);
        return $"Input {Named(path, parameter)}: expected {expected}, got {Show(value)}.";
    }

    /// <summary>A value as a person would name it, cut where it is long.</summary>
    public static string Show(JsonNode? node) => node switch
    {
        null => "null",
        JsonArray array => $"a list of {array.Count}",
        JsonObject map when map.Count == 0 => "an empty object",
        JsonObject map => $"an object with {string.Join(", ", map.Take(5).Select(p => p.Key))}{(map.Count > 5 ? ", .." : "")}",
        _ when node.GetValueKind() == JsonValueKind.String => $"the text \"{Cut(node.GetValue<string>())}\"",
        _ when node.GetValueKind() == JsonValueKind.Number => $"the number {Cut(node.ToJsonString())}",
        _ => node.ToJsonString(),
    };

    private static string Cut(string text) => text.Length <= ShownLength ? text : string.Concat(text.AsSpan(0, ShownLength), "..");

    private static string Named(string path, InputParameter parameter) =>
        path.Length > 0 ? $"'{path}'" : parameter.Source == InputSource.Whole ? "as a whole" : $"'{parameter.Key}'";

    private static string Join(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";

    private static (JsonNode? Value, Type? Type, string Path) Walk(JsonNode root, InputParameter parameter, IReadOnlyList<string> segments)
    {
        JsonNode? value = root;
        Type? type = parameter.Type;
        var path = parameter.Source == InputSource.Whole ? "" : parameter.Key;
        foreach (var segment in segments)
        {
            if (value is JsonArray array && int.TryParse(segment, out var index) && index < array.Count)
            {
                value = array[index];
                path += $"[{index}]";
                type = type is null ? null : TypeNames.ElementOf(type);
            }
            else if (value is JsonObject map && map.TryGetPropertyValue(segment, out var member))
            {
                value = member;
                path = Join(path, segment);
                type = type is null ? null : TypeNames.MemberType(type, segment);
            }
            else
            {
                break;
            }
        }

        return (value, type, path);
    }

    private static List<string> MissingMembers(JsonNode? value, Type? type) =>
        value is JsonObject map && type is not null ? [.. TypeNames.RequiredMembersOf(type).Where(m => !map.ContainsKey(m))] : [];

    /// <summary>The serializer's path: <c>$.a.b[0]['odd key']</c>.</summary>
    private static List<string> Segments(string? path)
    {
        var segments = new List<string>();
        var rest = (path ?? "$").AsSpan()[1..];
        while (rest.Length > 0)
        {
            var quoted = rest.StartsWith("['");
            var start = quoted ? 2 : 1;
            var end = quoted ? rest[start..].IndexOf("']") : rest[0] == '[' ? rest[start..].IndexOf(']') : rest[start..].IndexOfAny('.', '[');
            end = end < 0 ? rest.Length : end + start;
            segments.Add(rest[start..end].ToString());
            rest = rest[Math.Min(rest.Length, end + (quoted ? 2 : rest[0] == '[' ? 1 : 0))..];
        }

        return segments;
    }
}
