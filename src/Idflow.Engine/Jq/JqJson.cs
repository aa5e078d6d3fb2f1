using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Engine.Expressions;

namespace Idflow.Engine.Jq;

/// <summary>JSON into jq's values and back.</summary>
internal static class JqJson
{
    private const int MaxDepth = 1024;

    /// <summary>Digits that a double holds for certain; a number with more keeps how it was written.</summary>
    private const int SafeDigits = 15;

    public static JqValue FromJson(JsonNode? node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (node)
        {
            case null:
                return JqValue.Null;
            case JsonObject map:
                var members = new Dictionary<string, JqValue>(map.Count, StringComparer.Ordinal);
                foreach (var (key, value) in map)
                {
                    members[key] = FromJson(value);
                }

                return new JqObject(members);
            case JsonArray list:
                return new JqArray([.. list.Select(FromJson)]);
            default:
                return node.GetValueKind() switch
                {
                    JsonValueKind.String => new JqString(node.GetValue<string>()),
                    JsonValueKind.True => JqValue.True,
                    JsonValueKind.False => JqValue.False,
                    JsonValueKind.Number => Number(node.ToJsonString()),
                    _ => JqValue.Null,
                };
        }
    }

    public static JqNumber Number(string json)
    {
        var value = double.Parse(json, CultureInfo.InvariantCulture);
        return new(value, json.Length > SafeDigits && double.IsFinite(value) && json.AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? json : null);
    }

    public static JsonNode? ToJson(JqValue value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (value)
        {
            case JqString text:
                return JsonValue.Create(text.Value);
            case JqNumber number:
                return ToJson(number);
            case JqArray array:
                return new JsonArray([.. array.Items.Select(ToJson)]);
            case JqObject map:
                var members = new JsonObject();
                foreach (var (key, member) in map.Members)
                {
                    members[key] = ToJson(member);
                }

                return members;
            default:
                return value.Type == JqType.Null ? null : JsonValue.Create(value.IsTrue);
        }
    }

    private static JsonValue? ToJson(JqNumber number)
    {
        if (number.Literal is { } literal)
        {
            return JsonNode.Parse(literal)!.AsValue();
        }

        var value = number.Value;
        if (double.IsNaN(value))
        {
            return null;
        }

        value = Math.Clamp(value, double.MinValue, double.MaxValue);
        return value == Math.Truncate(value) && Math.Abs(value) < 1e17
            ? (long)value is var whole && whole is >= int.MinValue and <= int.MaxValue ? JsonValue.Create((int)whole) : JsonValue.Create((long)value)
            : JsonValue.Create(value);
    }

    /// <summary><c>fromjson</c>; <c>nan</c> is a number there.</summary>
    public static JqValue Parse(string text)
    {
        if (text.Trim() is "nan" or "NaN")
        {
            return JqValue.Of(double.NaN);
        }

        try
        {
            return FromJson(ForeignJson.Parse(text, MaxDepth));
        }
        catch (JsonException exception)
        {
            throw new JqError($"{exception.Message} (while parsing '{text}')");
        }
    }
}
