namespace Idflow.Documents.FrontMatter;

/// <summary>Where nodes of a block mapping lie in the lines of their text.</summary>
internal sealed class Layout(string text)
{
    public string Text { get; } = text;

    public int LineStart(int at)
    {
        while (at > 0 && Text[at - 1] is not ('\n' or '\r'))
        {
            at--;
        }

        return at;
    }

    /// <summary>The end of the line without its line end.</summary>
    public int LineEnd(int at)
    {
        var length = Text.AsSpan(at).IndexOfAny('\n', '\r');
        return length < 0 ? Text.Length : at + length;
    }

    /// <summary>The start of the next line.</summary>
    public int NextLine(int at)
    {
        var end = LineEnd(at);
        return end == Text.Length ? end : Text[end] == '\r' && end + 1 < Text.Length && Text[end + 1] == '\n' ? end + 2 : end + 1;
    }

    /// <summary>The start of the next line that is not blank.</summary>
    public int SkipBlankLines(int lineStart)
    {
        while (lineStart < Text.Length && IsBlank(lineStart, LineEnd(lineStart)))
        {
            lineStart = NextLine(lineStart);
        }

        return lineStart;
    }

    /// <summary>The number of spaces that a line begins with.</summary>
    public int IndentOf(int lineStart)
    {
        var rest = Text.AsSpan(lineStart);
        var spaces = rest.IndexOfAnyExcept(' ');
        return spaces < 0 ? rest.Length : spaces;
    }

    public bool IsBlank(int start, int end) => Text.AsSpan(start, end - start).TrimStart(" \t").IsEmpty;

    /// <summary>The end of the text of a node (of block styles: of its last line that is not blank).</summary>
    /// <param name="node">The node.</param>
    /// <param name="parentIndent">Indent of the mapping that holds it: the lines of a block scalar are indented deeper.</param>
    public int EndOf(YamlNode node, int parentIndent) => node switch
    {
        YamlScalar { IsBlock: true } => EndOfBlockScalar(node.Start, parentIndent),
        YamlSequence { IsFlow: false, Items: [.., var last] } => EndOf(last, parentIndent),
        YamlMapping { IsFlow: false, Entries: [.., var last] } => EndOf(last.Value, parentIndent),
        _ => node.End,
    };

    /// <summary>Where the colon of a plainly written key ends; -1 when the key is written with <c>?</c>.</summary>
    public int AfterColon(YamlEntry entry)
    {
        var lineStart = LineStart(entry.Key.Start);
        if (!IsBlank(lineStart, entry.Key.Start))
        {
            return -1;
        }

        var at = entry.Key.End;
        while (at < Text.Length && Text[at] is ' ' or '\t')
        {
            at++;
        }

        return at < Text.Length && Text[at] == ':' ? at + 1 : -1;
    }

    private int EndOfBlockScalar(int start, int parentIndent)
    {
        var end = LineEnd(start);
        var explicitIndent = Text.AsSpan(start, end - start).IndexOfAnyInRange('1', '9') is var digit and >= 0 && digit < 3 ? Text[start + digit] - '0' : 0;
        var indent = explicitIndent > 0 ? parentIndent + explicitIndent : 0;
        for (var line = NextLine(start); line < Text.Length; line = NextLine(line))
        {
            var lineEnd = LineEnd(line);
            if (IsBlank(line, lineEnd))
            {
                continue;
            }

            // The first line sets the indent of the scalar; what is indented less is no longer of it.
            indent = indent > 0 ? indent : Math.Max(IndentOf(line), parentIndent + 1);
            if (IndentOf(line) < indent)
            {
                break;
            }

            end = lineEnd;
        }

        return end;
    }
}
