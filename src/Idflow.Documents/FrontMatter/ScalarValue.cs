using System.Globalization;
using System.Numerics;

namespace Idflow.Documents.FrontMatter;

/// <summary>Makes the typed value of a scalar. A text that has the form of a type but no value of it (<c>2024-13-45</c>) is a <see cref="FormatException"/>.</summary>
internal static class ScalarValue
{
    /// <summary>The value of a plain scalar without a tag.</summary>
    public static object? Of(string text)
    {
        var kind = ScalarResolver.KindOf(text);
        return kind == ScalarKind.Text ? text : Of(kind, text);
    }

    public static object? Of(ScalarKind kind, string text) => kind switch
    {
        ScalarKind.Null => null,
        ScalarKind.Boolean => ScalarResolver.IsTrue(text),
        ScalarKind.Integer => Integer(text),
        ScalarKind.Float => Float(text),
        ScalarKind.Timestamp => YamlTimestamp.Parse(text),
        ScalarKind.Merge or ScalarKind.Default => throw new FormatException($"'{text}' has a special meaning in YAML and cannot be a value; put it in quotes"),
        _ => text,
    };

    /// <summary>A boolean that was asked for with <c>!!bool</c>: the words in any letter case.</summary>
    public static bool Boolean(string text) => text.ToLowerInvariant() switch
    {
        "yes" or "true" or "on" => true,
        "no" or "false" or "off" => false,
        _ => throw new FormatException($"'{text}' is not a boolean"),
    };

    public static object Integer(string text)
    {
        if (text.Length < 19 && !text.StartsWith('0') && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var plain)
            && text is not ['+' or '-', '0', _, ..])
        {
            return plain;
        }

        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var negative = digits.StartsWith('-');
        digits = digits.TrimStart('+', '-');
        var value = digits switch
        {
            "0" => BigInteger.Zero,
            ['0', 'b', ..] => InBase(2, digits[2..], text),
            ['0', 'x', ..] => InBase(16, digits[2..], text),
            ['0', ..] => InBase(8, digits[1..], text),
            _ when digits.Contains(':') => digits.Split(':').Aggregate(BigInteger.Zero, (sum, part) => sum * 60 + InBase(10, part, text)),
            _ => InBase(10, digits, text),
        };
        value = negative ? -value : value;
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    public static double Float(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        var sign = digits.StartsWith('-') ? -1.0 : 1.0;
        digits = digits.TrimStart('+', '-');
        return digits switch
        {
            ".inf" => sign * double.PositiveInfinity,
            ".nan" => double.NaN,
            _ when digits.Contains(':') => sign * digits.Split(':').Aggregate(0.0, (sum, part) => sum * 60 + Parse(part, text)),
            _ => sign * Parse(digits, text),
        };
    }

    private static double Parse(string digits, string text) =>
        double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"'{text}' is not a number");

    private static BigInteger InBase(int radix, string digits, string text)
    {
        const int longest = 10_000;
        if (digits.Length is 0 or > longest)
        {
            throw new FormatException(digits.Length == 0 ? $"'{text}' is not a number; put it in quotes if it is text" : $"a number of more than {longest} digits");
        }

        if (radix == 10)
        {
            return BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new FormatException($"'{text}' is not a number");
        }

        var value = BigInteger.Zero;
        foreach (var digit in digits)
        {
            var weight = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            value = weight < radix ? value * radix + weight : throw new FormatException($"'{text}' is not a number of base {radix}");
        }

        return value;
    }
}
