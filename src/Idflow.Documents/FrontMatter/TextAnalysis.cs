namespace Idflow.Documents.FrontMatter;

/// <summary>
/// What a text contains that matters for its style in a block context. The rules are YAML 1.1's (a plain text may not look like
/// structure, folding must not eat white space), applied as strictly as PyYAML does, so that the choice is the original's.
/// </summary>
internal readonly struct TextAnalysis
{
    private TextAnalysis(bool isMultiline, bool allowsPlain, bool allowsSingleQuotes)
    {
        IsMultiline = isMultiline;
        AllowsPlain = allowsPlain;
        AllowsSingleQuotes = allowsSingleQuotes;
    }

    public bool IsMultiline { get; }

    public bool AllowsPlain { get; }

    public bool AllowsSingleQuotes { get; }

    public static TextAnalysis Of(ReadOnlySpan<int> text)
    {
        if (text.IsEmpty)
        {
            return new TextAnalysis(isMultiline: false, allowsPlain: false, allowsSingleQuotes: true);
        }

        bool breaks = false, special = false, breakThenSpace = false, spaceThenBreak = false;
        for (var i = 0; i < text.Length; i++)
        {
            var point = text[i];
            var isBreak = CodePoints.IsBreak(point);
            breaks |= isBreak;

            // The original loses NEL, which it writes raw; it is escaped here.
            special |= !CodePoints.IsPrintable(point) || point == 0x85;
            breakThenSpace |= point == ' ' && i > 0 && CodePoints.IsBreak(text[i - 1]);
            spaceThenBreak |= isBreak && i > 0 && text[i - 1] == ' ';
        }

        var edged = IsSpaceOrBreak(text[0]) || IsSpaceOrBreak(text[^1]);
        return new TextAnalysis(
            breaks,
            allowsPlain: !breaks && !special && !edged && !LooksLikeStructure(text),
            allowsSingleQuotes: !special && !breakThenSpace && !spaceThenBreak);
    }

    private static bool IsSpaceOrBreak(int point) => point == ' ' || CodePoints.IsBreak(point);

    /// <summary>Indicators of YAML: some count only at the start, <c>:</c> before white space, <c>#</c> after it.</summary>
    private static bool LooksLikeStructure(ReadOnlySpan<int> text)
    {
        if (text is ['-', '-', '-', ..] or ['.', '.', '.', ..]
            || text[0] is '#' or ',' or '[' or ']' or '{' or '}' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`'
            || (text[0] is '?' or ':' or '-' && IsSeparatorAt(text, 1)))
        {
            return true;
        }

        for (var i = 1; i < text.Length; i++)
        {
            if ((text[i] == ':' && IsSeparatorAt(text, i + 1)) || (text[i] == '#' && IsSeparatorAt(text, i - 1)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSeparatorAt(ReadOnlySpan<int> text, int index) =>
        index >= text.Length || text[index] is '\0' or ' ' or '\t' or '\r' || CodePoints.IsBreak(text[index]);
}
