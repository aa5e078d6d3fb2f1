using System.Buffers;
using System.Text;
using System.Text.Json;
using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>Reads the value of <c>--set key=value</c>.</summary>
public static class PropertyValueParser
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789+-.eE");

    /// <summary>
    /// A number in JSON's notation, <c>true</c>, <c>false</c> and <c>null</c> are typed; text in double quotes (JSON escapes)
    /// or single quotes (<c>''</c> is a quote) is what stands inside. All else is text as it is, also <c>007</c>,
    /// <c>1_000</c>, dates and numbers too large for a double. A number that is typed in an unusual way (<c>1.10</c>) is a
    /// <see cref="WrittenNumber"/>, so that it is stored as typed.
    /// </summary>
    public static object? Parse(string text) => text switch
    {
        "true" => true,
        "false" => false,
        "null" => null,
        ['"', .., '"'] => TryJson(text) ?? text,
        ['\'', .., '\''] when text.Length > 1 => SingleQuoted(text[1..^1]) ?? text,
        ['-' or (>= '0' and <= '9'), ..] when !text.AsSpan().ContainsAnyExcept(NumberCharacters) => TryJson(text) is { } number and not double.PositiveInfinity and not double.NegativeInfinity ? WrittenNumber.Of(number, text) : text,
        _ => text,
    };

    /// <summary>Splits <c>key=value</c> at the first equals sign.</summary>
    /// <param name="assignment">The argument as given.</param>
    /// <param name="option">The option it was given to, for the message.</param>
    /// <exception cref="FilterException">There is no equals sign, or nothing before it.</exception>
    public static (string Key, string Value) Split(string assignment, string option)
    {
        var at = assignment.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? (assignment[..at], assignment[(at + 1)..])
            : throw new FilterException($"{option} {assignment}: a name and a value are needed, like {option} {(at < 0 && assignment.Length > 0 ? assignment : "key")}=value.");
    }

    private static object? TryJson(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        try
        {
            reader.Read();
            var value = PropertyJson.ReadValue(ref reader);
            return reader.Read() ? null : value;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? SingleQuoted(string inner)
    {
        var unescaped = inner.Replace("''", "\0", StringComparison.Ordinal);
        return unescaped.Contains('\'', StringComparison.Ordinal) || inner.Contains('\0', StringComparison.Ordinal) ? null : unescaped.Replace('\0', '\'');
    }
}
