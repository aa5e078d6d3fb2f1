using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Idflow.Pipeline.Sources;

/// <summary>The type of an unquoted YAML scalar, as front matter types it (YAML 1.1, https://yaml.org/type/).</summary>
internal static partial class PlainScalar
{
    public static object? Resolve(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        ".nan" or ".NaN" or ".NAN" => double.NaN,
        ".inf" or ".Inf" or ".INF" or "+.inf" => double.PositiveInfinity,
        "-.inf" or "-.Inf" or "-.INF" => double.NegativeInfinity,
        _ => Number(text) ?? Time(text) ?? text,
    };

    private static object? Number(string text)
    {
        if (Integer().IsMatch(text))
        {
            var number = BigInteger.Parse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            return number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;
        }

        return Float().IsMatch(text)
            ? double.Parse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture)
            : null;
    }

    private static object? Time(string text)
    {
        if (!Timestamp().IsMatch(text))
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date;
        }

        if (Zone().IsMatch(text))
        {
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) ? instant : null;
        }

        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? local : null;
    }

    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9_]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)([eE][-+][0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Float();

    [GeneratedRegex(@"^\d{4}-\d\d?-\d\d?([Tt]|[ \t]+|$)(\d\d?:\d\d:\d\d(\.\d*)?[ \t]*(Z|[-+]\d\d?(:?\d\d)?)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Timestamp();

    [GeneratedRegex(@"(Z|[-+]\d\d?(:?\d\d)?)$(?<=:.*)", RegexOptions.CultureInvariant)]
    private static partial Regex Zone();
}
