using System.Buffers;

namespace Idflow.Documents.FrontMatter;

/// <summary>
/// Decides which type a plain scalar has: the implicit types of YAML 1.1 (https://yaml.org/type/) in the form that PyYAML
/// implements, which is narrower in places (<c>1e3</c> and <c>0o17</c> are text, <c>y</c> and <c>n</c> are text).
/// Written by hand instead of as regular expressions because the reader and the emitter ask for every scalar.
/// </summary>
internal static class ScalarResolver
{
    private static readonly SearchValues<char> Binary = SearchValues.Create("01_");
    private static readonly SearchValues<char> Octal = SearchValues.Create("01234567_");
    private static readonly SearchValues<char> Decimal = SearchValues.Create("0123456789_");
    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF_");

    public static ScalarKind KindOf(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return ScalarKind.Null;
        }

        return text[0] switch
        {
            '~' => text.Length == 1 ? ScalarKind.Null : ScalarKind.Text,
            '=' => text.Length == 1 ? ScalarKind.Default : ScalarKind.Text,
            '<' => text is "<<" ? ScalarKind.Merge : ScalarKind.Text,
            'y' or 'Y' or 't' or 'T' or 'f' or 'F' or 'o' or 'O' or 'n' or 'N' => KindOfWord(text),
            '+' or '-' or '.' or (>= '0' and <= '9') => KindOfNumber(text),
            _ => ScalarKind.Text,
        };
    }

    /// <summary>True for the words of YAML 1.1 that stand for a boolean.</summary>
    public static bool IsTrue(ReadOnlySpan<char> text) => text is "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON";

    private static bool IsFalse(ReadOnlySpan<char> text) => text is "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF";

    private static ScalarKind KindOfWord(ReadOnlySpan<char> text) =>
        text.Length > 5 ? ScalarKind.Text
        : IsTrue(text) || IsFalse(text) ? ScalarKind.Boolean
        : text is "null" or "Null" or "NULL" ? ScalarKind.Null
        : ScalarKind.Text;

    private static ScalarKind KindOfNumber(ReadOnlySpan<char> text) =>
        IsInteger(text) ? ScalarKind.Integer
        : IsFloat(text) ? ScalarKind.Float
        : YamlTimestamp.IsTimestamp(text) ? ScalarKind.Timestamp
        : ScalarKind.Text;

    private static bool IsInteger(ReadOnlySpan<char> text)
    {
        var digits = WithoutSign(text);
        if (digits.IsEmpty)
        {
            return false;
        }

        if (digits[0] == '0')
        {
            return digits.Length == 1
                || (digits[1] == 'b' && digits.Length > 2 && !digits[2..].ContainsAnyExcept(Binary))
                || (digits[1] == 'x' && digits.Length > 2 && !digits[2..].ContainsAnyExcept(Hexadecimal))
                || !digits[1..].ContainsAnyExcept(Octal);
        }

        if (!char.IsAsciiDigit(digits[0]))
        {
            return false;
        }

        var rest = digits[CountDigits(digits)..];
        return rest.IsEmpty || IsSexagesimal(ref rest) && rest.IsEmpty;
    }

    private static bool IsFloat(ReadOnlySpan<char> text)
    {
        if (text is ".nan" or ".NaN" or ".NAN")
        {
            return true;
        }

        var rest = WithoutSign(text);
        if (rest is ".inf" or ".Inf" or ".INF")
        {
            return true;
        }

        if (rest.IsEmpty)
        {
            return false;
        }

        if (rest[0] == '.')
        {
            // A fraction without a leading digit takes no sign.
            return rest.Length == text.Length && rest.Length > 1 && char.IsAsciiDigit(rest[1]) && IsExponentOrEnd(rest[(1 + CountDigits(rest[1..]))..]);
        }

        if (!char.IsAsciiDigit(rest[0]))
        {
            return false;
        }

        rest = rest[CountDigits(rest)..];
        var sexagesimal = IsSexagesimal(ref rest);
        if (rest.IsEmpty || rest[0] != '.')
        {
            return false;
        }

        rest = rest[(1 + CountDigits(rest[1..]))..];
        return sexagesimal ? rest.IsEmpty : IsExponentOrEnd(rest);
    }

    private static ReadOnlySpan<char> WithoutSign(ReadOnlySpan<char> text) => text[0] is '+' or '-' ? text[1..] : text;

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept(Decimal);
        return end < 0 ? text.Length : end;
    }

    /// <summary>One or more groups of <c>:n</c> with n from 0 to 59.</summary>
    private static bool IsSexagesimal(ref ReadOnlySpan<char> rest)
    {
        var found = false;
        while (rest.Length > 1 && rest[0] == ':' && char.IsAsciiDigit(rest[1]))
        {
            var two = rest.Length > 2 && char.IsAsciiDigit(rest[2]);
            if (two && rest[1] > '5')
            {
                return false;
            }

            rest = rest[(two ? 3 : 2)..];
            found = true;
        }

        return found;
    }

    private static bool IsExponentOrEnd(ReadOnlySpan<char> rest) =>
        rest.IsEmpty || (rest[0] is 'e' or 'E' && rest.Length > 2 && rest[1] is '+' or '-' && !rest[2..].ContainsAnyExceptInRange('0', '9'));
}
