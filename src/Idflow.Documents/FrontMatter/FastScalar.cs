using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Idflow.Documents.FrontMatter;

/// <summary>The one-line pieces of <see cref="FastFrontMatter"/>: keys, scalars, flow lists of scalars. What is not obviously plain is refused.</summary>
internal static class FastScalar
{
    private const int LongestKey = 128;

    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");
    private static readonly SearchValues<char> FlowStops = SearchValues.Create(",[]{}:#&*!|>'\"%@`?");
    private static readonly SearchValues<char> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Append(0x2028).Append(0x2029).Append(0xFEFF).Append(0xFFFE).Append(0xFFFF).Select(code => (char)code)]);

    /// <summary>Control characters and the line ends of YAML 1.1 that are not LF: the full reader knows what to do with them.</summary>
    public static bool HasUnusual(ReadOnlySpan<char> line) => line.ContainsAny(Suspects);

    /// <summary>A plain key of letters, digits, <c>_</c>, <c>-</c> and <c>.</c> at the start of the line, followed by a colon.</summary>
    public static bool TryKey(ReadOnlySpan<char> line, [NotNullWhen(true)] out string? key, out ReadOnlySpan<char> rest)
    {
        key = null;
        rest = default;
        if (line.IsEmpty || (!char.IsAsciiLetter(line[0]) && line[0] != '_'))
        {
            return false;
        }

        var end = line.IndexOfAnyExcept(KeyCharacters);
        if (end is <= 0 or > LongestKey || line[end] != ':' || (line.Length > end + 1 && line[end + 1] != ' '))
        {
            return false;
        }

        key = Intern(line[..end]);
        rest = line[(end + 1)..].Trim(' ');
        return true;
    }

    public static bool TryValue(ReadOnlySpan<char> text, out object? value)
    {
        value = null;
        switch (text[0])
        {
            case '\'' or '"':
                return TryQuoted(text, out value);
            case '[':
                return TryFlowList(text, out value);
            case '{':
                value = text is "{}" ? Model.PropertyMap.Empty : null;
                return value is not null;
            case '-' or '?' or ':' when text.Length == 1 || text[1] == ' ':
                return false;
            case '#' or '&' or '*' or '!' or '|' or '>' or '%' or '@' or '`' or ',' or ']' or '}':
                return false;
            default:
                return TryPlain(text, out value);
        }
    }

    private static bool TryPlain(ReadOnlySpan<char> text, out object? value)
    {
        value = null;
        if (text[^1] == ':' || text.Contains(": ", StringComparison.Ordinal) || text.Contains(" #", StringComparison.Ordinal))
        {
            return false;
        }

        var kind = ScalarResolver.KindOf(text);
        if (kind is ScalarKind.Text)
        {
            value = text.ToString();
            return true;
        }

        try
        {
            value = ScalarValue.Of(kind, text.ToString());
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool TryQuoted(ReadOnlySpan<char> text, out object? value)
    {
        value = null;
        var quote = text[0];
        if (text.Length < 2 || text[^1] != quote)
        {
            return false;
        }

        var inner = text[1..^1];
        if (quote == '"')
        {
            value = inner.ContainsAny('"', '\\') ? null : inner.ToString();
            return value is not null;
        }

        if (!inner.Contains('\''))
        {
            value = inner.ToString();
            return true;
        }

        // Every quote inside must be doubled.
        var undoubled = inner.ToString().Replace("''", "\0", StringComparison.Ordinal);
        value = undoubled.Contains('\'') ? null : undoubled.Replace('\0', '\'');
        return value is not null;
    }

    private static bool TryFlowList(ReadOnlySpan<char> text, out object? value)
    {
        var items = new List<object?>();
        value = items;
        if (text[^1] != ']')
        {
            return false;
        }

        var inner = text[1..^1].Trim(' ');
        if (inner.IsEmpty)
        {
            return true;
        }

        foreach (var range in inner.Split(','))
        {
            var item = inner[range].Trim(' ');
            if (item.IsEmpty || !TryFlowItem(item, out var element))
            {
                return false;
            }

            items.Add(element);
        }

        return true;
    }

    private static bool TryFlowItem(ReadOnlySpan<char> item, out object? element)
    {
        element = null;
        if (item[0] is '\'' or '"')
        {
            return item.Length > 1 && !item[1..^1].ContainsAny('\'', '"') && TryQuoted(item, out element);
        }

        return !item.ContainsAny(FlowStops) && item[0] != '-' && TryPlain(item, out element);
    }

    private static string Intern(ReadOnlySpan<char> key) => key switch
    {
        "id" => "id",
        "status" => "status",
        "title" => "title",
        "tags" => "tags",
        "key" => "key",
        "uuid" => "uuid",
        "data" => "data",
        "filename" => "filename",
        "_doc_refs" => "_doc_refs",
        "_file_refs" => "_file_refs",
        _ => key.ToString(),
    };
}
