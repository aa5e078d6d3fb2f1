using System.Text;

namespace Idflow.Documents.Markdown;

/// <summary>
/// A Markdown file cut into front matter and body, with the text as it stands in the file (line ends, byte order mark), so that what is
/// not edited keeps its bytes. The front matter stands between a first line <c>---</c> and the next line <c>---</c>; without a
/// closing line all is front matter, without an opening line all is body.
/// </summary>
internal sealed class MarkdownText
{
    /// <summary>The line (from 1) on which the YAML begins.</summary>
    public const int YamlLine = 2;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private MarkdownText(string text) => Text = text;

    /// <summary>The whole file.</summary>
    public string Text { get; }

    public bool HasFrontMatter { get; private init; }

    /// <summary>Where the YAML begins, after the opening line.</summary>
    public int YamlStart { get; private init; }

    /// <summary>Where the YAML ends: the start of the closing line.</summary>
    public int YamlEnd { get; private init; }

    public bool IsClosed { get; private init; }

    public int BodyStart { get; private init; }

    /// <summary>The line end of the file: that of its first line; LF when it has none.</summary>
    public string NewLine { get; private init; } = "\n";

    public ReadOnlySpan<char> Yaml => Text.AsSpan(YamlStart, YamlEnd - YamlStart);

    /// <summary>Everything after the closing line, line ends as LF.</summary>
    public string Body => NormalizeLineEnds(Text[BodyStart..]);

    /// <exception cref="DocumentFormatException">The bytes are not UTF-8.</exception>
    public static MarkdownText Decode(ReadOnlySpan<byte> utf8, string path)
    {
        try
        {
            return Split(Utf8.GetString(utf8));
        }
        catch (DecoderFallbackException error)
        {
            var (line, column) = PlaceOf(utf8, error.Index);
            throw new DocumentFormatException(path, line, column, "not UTF-8 text; save the file as UTF-8");
        }
    }

    /// <exception cref="DocumentException">The text holds half a surrogate pair.</exception>
    public static byte[] Encode(string text)
    {
        try
        {
            return Utf8.GetBytes(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new DocumentException($"The text holds half a character (a lone surrogate) at position {error.Index} and cannot be stored as UTF-8.", error);
        }
    }

    public static MarkdownText Split(string text)
    {
        var start = text.StartsWith('\uFEFF') ? 1 : 0;
        var opening = LineAt(text, start);
        if (!IsFence(text.AsSpan(start, opening.End - start)))
        {
            return new MarkdownText(text) { YamlStart = start, YamlEnd = start, BodyStart = start, NewLine = NewLineOf(text, opening) };
        }

        for (var at = opening.Next; at < text.Length;)
        {
            var line = LineAt(text, at);
            if (text[at] == '-' && IsFence(text.AsSpan(at, line.End - at)))
            {
                return new MarkdownText(text) { HasFrontMatter = true, IsClosed = true, YamlStart = opening.Next, YamlEnd = at, BodyStart = line.Next, NewLine = NewLineOf(text, opening) };
            }

            at = line.Next;
        }

        return new MarkdownText(text) { HasFrontMatter = true, YamlStart = opening.Next, YamlEnd = text.Length, BodyStart = text.Length, NewLine = NewLineOf(text, opening) };
    }

    public static string NormalizeLineEnds(string text) => text.Contains('\r')
        ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n')
        : text;

    private static bool IsFence(ReadOnlySpan<char> line) => line.StartsWith("---") && line[3..].TrimEnd(" \t").IsEmpty;

    private static (int End, int Next) LineAt(string text, int start)
    {
        var length = text.AsSpan(start).IndexOfAny('\n', '\r');
        if (length < 0)
        {
            return (text.Length, text.Length);
        }

        var end = start + length;
        return (end, text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1);
    }

    private static string NewLineOf(string text, (int End, int Next) line) => line.Next == line.End ? "\n" : text[line.End..line.Next];

    private static (int Line, int Column) PlaceOf(ReadOnlySpan<byte> utf8, int index)
    {
        var before = utf8[..Math.Clamp(index, 0, utf8.Length)];
        return (before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }
}
