using System.Numerics;
using System.Globalization;
using System.Text.Json;
using Idflow.Documents.Model;

namespace Idflow.Documents.Tests.TestKit;

/// <summary>The project that the original left on disk, and its oracles, as typed values.</summary>
internal static class OriginalData
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Data", "original-idflow");

    public static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file))).RootElement;

    /// <summary>A value of the oracle files; a map with keys that are not text gets the keys as they are written in the file.</summary>
    public static object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => Number(element.GetRawText()),
        JsonValueKind.Array => element.EnumerateArray().Select(Value).ToList(),
        _ => Special(element) ?? new PropertyMap(element.EnumerateObject().Select(entry => new KeyValuePair<string, object?>(entry.Name, Value(entry.Value)))),
    };

    private static object Number(string text)
    {
        if (text.AsSpan().ContainsAny('.', 'e', 'E'))
        {
            return double.Parse(text, CultureInfo.InvariantCulture);
        }

        var number = BigInteger.Parse(text, CultureInfo.InvariantCulture);
        return number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;
    }

    private static object? Special(JsonElement element)
    {
        if (element.TryGetProperty("$date", out var date))
        {
            return DateOnly.Parse(date.GetString()!, CultureInfo.InvariantCulture);
        }

        if (element.TryGetProperty("$datetime", out var time))
        {
            var text = time.GetString()!;
            return text.Length > 6 && text[^6] is '+' or '-'
                ? (object)DateTimeOffset.Parse(text, CultureInfo.InvariantCulture)
                : DateTime.Parse(text, CultureInfo.InvariantCulture);
        }

        if (element.TryGetProperty("$float", out var number))
        {
            return number.GetString() switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => double.NaN };
        }

        return element.TryGetProperty("$map", out var map)
            ? new PropertyMap(map.EnumerateArray().Select(pair => new KeyValuePair<string, object?>(KeyText(pair[0]), Value(pair[1]))))
            : null;
    }

    private static string KeyText(JsonElement key) => Value(key) switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        var other => Convert.ToString(other, CultureInfo.InvariantCulture)!,
    };
}
