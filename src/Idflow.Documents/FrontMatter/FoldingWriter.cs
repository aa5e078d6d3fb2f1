using System.Globalization;
using System.Text;

namespace Idflow.Documents.FrontMatter;

/// <summary>
/// Writes scalars as text and knows the column, since long text is folded: at the first single space after column 80 was
/// passed, where the text may be split at all. Where exactly a line is folded is PyYAML's, so that files look as the original writes them.
/// </summary>
internal sealed class FoldingWriter(int column = 0)
{
    private const int Width = 80;

    private readonly StringBuilder _output = new();

    public int Column { get; private set; } = column;

    public override string ToString() => _output.ToString();

    public void Write(string text)
    {
        _output.Append(text);
        Column += text.Length;
    }

    public void NewLine(int indent)
    {
        _output.Append('\n').Append(' ', indent);
        Column = indent;
    }

    /// <param name="text">The text.</param>
    /// <param name="style">A style that the text allows.</param>
    /// <param name="indent">Where lines go on; less than 0 = the text may not be split.</param>
    public void WriteScalar(ReadOnlySpan<int> text, TextStyle style, int indent)
    {
        switch (style)
        {
            case TextStyle.Plain:
                WritePlain(text, indent);
                break;
            case TextStyle.SingleQuoted:
                WriteSingleQuoted(text, indent);
                break;
            default:
                WriteDoubleQuoted(text, indent);
                break;
        }
    }

    private void WritePlain(ReadOnlySpan<int> text, int indent)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = RunEnd(text, start, IsSpace);
            WriteRun(text, start, end, indent, mayFold: true);
            start = end;
        }
    }

    private void WriteSingleQuoted(ReadOnlySpan<int> text, int indent)
    {
        Write("'");
        for (var start = 0; start < text.Length;)
        {
            var end = RunEnd(text, start, KindInQuotes);
            if (CodePoints.IsBreak(text[start]))
            {
                WriteBreaks(text[start..end], indent);
            }
            else if (text[start] == '\'')
            {
                Write(new string('\'', 2 * (end - start)));
            }
            else
            {
                WriteRun(text, start, end, indent, mayFold: start != 0 && end != text.Length);
            }

            start = end;
        }

        Write("'");
    }

    private void WriteRun(ReadOnlySpan<int> text, int start, int end, int indent, bool mayFold)
    {
        if (text[start] == ' ' && end == start + 1 && mayFold && Column > Width && indent >= 0)
        {
            NewLine(indent);
            return;
        }

        CodePoints.Append(_output, text[start..end]);
        Column += end - start;
    }

    /// <summary>A line break inside quotes is an empty line; other breaks stand for themselves.</summary>
    private void WriteBreaks(ReadOnlySpan<int> breaks, int indent)
    {
        if (breaks[0] == '\n')
        {
            _output.Append('\n');
        }

        CodePoints.Append(_output, breaks);
        _output.Append(' ', Math.Max(indent, 0));
        Column = Math.Max(indent, 0);
    }

    private void WriteDoubleQuoted(ReadOnlySpan<int> text, int indent)
    {
        Write("\"");
        var start = 0;
        for (var end = 0; end <= text.Length; end++)
        {
            var escape = end < text.Length && !StandsInDoubleQuotes(text[end]);
            if (end == text.Length || escape)
            {
                CodePoints.Append(_output, text[start..end]);
                Column += end - start;
                start = end;
            }

            if (escape)
            {
                Write(Escape(text[end]));
                start = end + 1;
            }

            var atSpace = end < text.Length && text[end] == ' ';
            if (end > 0 && end < text.Length - 1 && (atSpace || start >= end) && Column + (end - start) > Width && indent >= 0)
            {
                if (start < end)
                {
                    CodePoints.Append(_output, text[start..end]);
                    start = end;
                }

                _output.Append('\\');
                NewLine(indent);
                if (text[start] == ' ')
                {
                    Write("\\");
                }
            }
        }

        Write("\"");
    }

    private static bool StandsInDoubleQuotes(int point) =>
        point is not ('"' or '\\') && point is (>= ' ' and <= '~') or (>= 0xA0 and <= 0xD7FF and not (0x2028 or 0x2029)) or (>= 0xE000 and <= 0xFFFD and not 0xFEFF);

    private static string Escape(int point) => point switch
    {
        0 => "\\0",
        0x07 => "\\a",
        0x08 => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        0x0B => "\\v",
        0x0C => "\\f",
        '\r' => "\\r",
        0x1B => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        0x85 => "\\N",
        0x2028 => "\\L",
        0x2029 => "\\P",
        <= 0xFF => "\\x" + point.ToString("X2", CultureInfo.InvariantCulture),
        <= 0xFFFF => "\\u" + point.ToString("X4", CultureInfo.InvariantCulture),
        _ => "\\U" + point.ToString("X8", CultureInfo.InvariantCulture),
    };

    private static int RunEnd(ReadOnlySpan<int> text, int start, Func<int, int> kindOf)
    {
        var end = start + 1;
        while (end < text.Length && kindOf(text[end]) == kindOf(text[start]))
        {
            end++;
        }

        return end;
    }

    private static int IsSpace(int point) => point == ' ' ? 1 : 0;

    private static int KindInQuotes(int point) => point == ' ' ? 1 : point == '\'' ? 2 : CodePoints.IsBreak(point) ? 3 : 0;
}
