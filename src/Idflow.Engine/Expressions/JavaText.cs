using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Idflow.Engine.Expressions;

/// <summary>
/// Values inside a longer text, and SWITCH values, in the form that Conductor's clients see: Java's own, not JSON.
/// <c>null</c>, <c>{id=1, v=one}</c>, <c>[x, y]</c>, <c>0.25</c>, <c>1.0E10</c>.
/// </summary>
internal static class JavaText
{
    public static string Of(JsonNode? value)
    {
        if (value is JsonValue single && single.GetValueKind() == JsonValueKind.String)
        {
            return single.GetValue<string>();
        }

        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    public static void Append(StringBuilder text, JsonNode? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject map:
                AppendMap(text, map);
                break;
            case JsonArray list:
                AppendList(text, list);
                break;
            default:
                text.Append(Scalar(value.AsValue()));
                break;
        }
    }

    private static void AppendMap(StringBuilder text, JsonObject map)
    {
        text.Append('{');
        var first = true;
        foreach (var (key, item) in map)
        {
            text.Append(first ? "" : ", ").Append(key).Append('=');
            Append(text, item);
            first = false;
        }

        text.Append('}');
    }

    private static void AppendList(StringBuilder text, JsonArray list)
    {
        text.Append('[');
        for (var i = 0; i < list.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Append(text, list[i]);
        }

        text.Append(']');
    }

    private static string Scalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => Number(value.ToJsonString()),
        _ => "null",
    };

    /// <summary>A JSON number without point and exponent is an integer of any size; every other one a double.</summary>
    private static string Number(string json) =>
        json.AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? json : Double(double.Parse(json, CultureInfo.InvariantCulture));

    /// <summary>Java's <c>Double.toString</c>: plain from 10^-3 up to 10^7 with at least one decimal, else <c>d.dddEn</c>.</summary>
    internal static string Double(double number)
    {
        if (number == 0)
        {
            return double.IsNegative(number) ? "-0.0" : "0.0";
        }

        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
        }

        var (significant, exponent) = Shortest(Math.Abs(number).ToString("R", CultureInfo.InvariantCulture));
        var sign = number < 0 ? "-" : "";
        if (exponent is < -3 or >= 7)
        {
            return $"{sign}{significant[0]}.{(significant.Length > 1 ? significant[1..] : "0")}E{exponent}";
        }

        if (exponent < 0)
        {
            return $"{sign}0.{new string('0', -exponent - 1)}{significant}";
        }

        var whole = significant.Length > exponent + 1 ? significant[..(exponent + 1)] : significant.PadRight(exponent + 1, '0');
        return $"{sign}{whole}.{(significant.Length > exponent + 1 ? significant[(exponent + 1)..] : "0")}";
    }

    /// <summary>The digits of a round-trip number without zeros at either end, and the power of ten of the first one.</summary>
    private static (string Digits, int Exponent) Shortest(string number)
    {
        var parts = number.Split('E');
        var scale = parts.Length == 1 ? 0 : int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = (parts[0] + ".").IndexOf('.', StringComparison.Ordinal);
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var significant = all.TrimStart('0');
        return (significant.TrimEnd('0'), point - 1 - (all.Length - significant.Length) + scale);
    }
}
