using System.Collections;
using System.Globalization;
using System.Numerics;
using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>The text of a property value, as filters match it and listings show it.</summary>
public static class PropertyText
{
    private const string SecondsFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF";

    /// <summary>
    /// Text as it is; <c>true</c>, <c>false</c>, <c>null</c>; numbers in their shortest form (<c>3</c>, <c>3.0</c>,
    /// <c>1e+20</c>, <c>.inf</c>, <c>.nan</c>); dates and timestamps in ISO 8601; lists and maps as compact JSON.
    /// </summary>
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => text,
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number => OfDouble(number),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime timestamp => timestamp.ToString(SecondsFormat, CultureInfo.InvariantCulture),
        DateTimeOffset timestamp => timestamp.ToString(SecondsFormat + "zzz", CultureInfo.InvariantCulture),
        PropertyMap or IEnumerable => PropertyJson.Write(value),
        _ => throw new ArgumentException($"A property cannot be of type {value.GetType().Name}.", nameof(value)),
    };

    /// <summary>The kind of a value for messages, with its article: <c>a text</c>, <c>a list</c>, ..</summary>
    public static string KindOf(object? value) => value switch
    {
        null => "null",
        string => "a text",
        bool => "true or false",
        long or BigInteger or double or WrittenNumber => "a number",
        DateOnly => "a date",
        DateTime or DateTimeOffset => "a timestamp",
        PropertyMap => "a map",
        _ => "a list",
    };

    private static string OfDouble(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? ".nan" : number > 0 ? ".inf" : "-.inf";
        }

        var text = number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
        return text.Contains('.', StringComparison.Ordinal) || text.Contains('e', StringComparison.Ordinal) ? text : text + ".0";
    }
}
