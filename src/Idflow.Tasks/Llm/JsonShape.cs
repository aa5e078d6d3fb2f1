using System.Text.Json;
using System.Text.Json.Nodes;

namespace Idflow.Tasks.Llm;

/// <summary>
/// Checks a JSON value against the parts of JSON Schema that answers of models need: type, enum, const, properties, required,
/// additionalProperties (false), items, minItems, maxItems, minimum, maximum, minLength, maxLength.
/// </summary>
internal static class JsonShape
{
    private const int Deepest = 64;

    /// <summary>What does not fit, each with its place; empty when all fits.</summary>
    public static List<string> Check(JsonNode? value, JsonObject schema)
    {
        List<string> problems = [];
        Check(value, schema, "$", problems, 0);
        return problems;
    }

    /// <summary>The JSON value in an answer: as it stands, or out of a code fence or the text around it.</summary>
    public static bool TryParse(string text, out JsonNode? value)
    {
        var first = text.AsSpan().IndexOfAny('{', '[');
        var last = text.LastIndexOfAny(['}', ']']);
        foreach (var candidate in first >= 0 && last > first ? new[] { text, text[first..(last + 1)] } : [text])
        {
            try
            {
                value = JsonNode.Parse(candidate);
                return true;
            }
            catch (JsonException)
            {
                // The next candidate.
            }
        }

        value = null;
        return false;
    }

    private static void Check(JsonNode? value, JsonObject schema, string place, List<string> problems, int depth)
    {
        if (depth > Deepest)
        {
            problems.Add($"{place} is nested too deeply");
            return;
        }

        if (schema["type"] is { } type && !(type is JsonArray types ? types.Select(entry => entry!.ToString()) : [type.ToString()]).Any(name => IsOf(value, name)))
        {
            problems.Add($"{place} is {KindOf(value)}, not {(type is JsonArray any ? string.Join(" or ", any.Select(entry => entry!.ToString())) : type)}");
            return;
        }

        if (schema["enum"] is JsonArray allowed && !allowed.Any(entry => JsonNode.DeepEquals(entry, value)))
        {
            problems.Add($"{place} must be one of {allowed.ToJsonString()}");
        }

        if (schema["const"] is { } constant && !JsonNode.DeepEquals(constant, value))
        {
            problems.Add($"{place} must be {constant.ToJsonString()}");
        }

        switch (value)
        {
            case JsonObject map:
                CheckObject(map, schema, place, problems, depth);
                break;
            case JsonArray list:
                CheckRange(list.Count, schema, "minItems", "maxItems", place + " has a number of items that", problems);
                for (var index = 0; schema["items"] is JsonObject items && index < list.Count; index++)
                {
                    Check(list[index], items, $"{place}[{index}]", problems, depth + 1);
                }

                break;
            case not null when value.GetValueKind() == JsonValueKind.Number:
                CheckRange(value.GetValue<double>(), schema, "minimum", "maximum", place, problems);
                break;
            case not null when value.GetValueKind() == JsonValueKind.String:
                CheckRange(value.GetValue<string>().Length, schema, "minLength", "maxLength", place + " has a length that", problems);
                break;
        }
    }

    private static void CheckObject(JsonObject map, JsonObject schema, string place, List<string> problems, int depth)
    {
        var properties = schema["properties"] as JsonObject ?? [];
        problems.AddRange((schema["required"] as JsonArray ?? []).Select(key => key!.ToString()).Where(key => !map.ContainsKey(key)).Select(key => $"{place}.{key} is missing"));
        foreach (var (key, member) in map)
        {
            if (properties[key] is JsonObject inner)
            {
                Check(member, inner, $"{place}.{key}", problems, depth + 1);
            }
            else if (schema["additionalProperties"] is JsonValue more && more.GetValueKind() == JsonValueKind.False)
            {
                problems.Add($"{place}.{key} is not allowed");
            }
        }
    }

    private static void CheckRange(double value, JsonObject schema, string least, string most, string what, List<string> problems)
    {
        if ((double?)schema[least] is { } low && value < low)
        {
            problems.Add($"{what} must be at least {low}");
        }

        if ((double?)schema[most] is { } high && value > high)
        {
            problems.Add($"{what} must be at most {high}");
        }
    }

    private static bool IsOf(JsonNode? value, string type) => type switch
    {
        "number" => KindOf(value) is "number" or "integer",
        _ => KindOf(value) == type,
    };

    private static string KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => double.IsInteger(value.GetValue<double>()) ? "integer" : "number",
    };
}
