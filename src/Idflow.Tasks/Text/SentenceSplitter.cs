using System.Collections.Frozen;

namespace Idflow.Tasks.Text;

/// <summary>A stretch of a text: start and length in UTF-16 units, without white space at its ends.</summary>
internal readonly record struct TextSpan(int Start, int Length)
{
    public int End => Start + Length;

    public string In(string text) => text.Substring(Start, Length);
}

/// <summary>
/// Sentences as spans of the text itself, so that a quotation is always an exact substring. A sentence ends at <c>. ! ? …</c>
/// (with closing quotes) before white space and a beginning, at an empty line, and around headings and list items; not after
/// common abbreviations, initials and numbers such as <c>No. 5</c>.
/// </summary>
internal static class SentenceSplitter
{
    private static readonly FrozenSet<string> Abbreviations = FrozenSet.ToFrozenSet(
        [
            "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "gen", "col", "capt", "lt", "sgt", "rev", "hon", "sen", "rep", "gov", "pres", "messrs", "mme",
            "no", "nos", "vol", "pp", "fig", "figs", "eq", "sec", "art", "ch", "ed", "eds", "al", "vs", "cf", "viz", "approx", "dept", "est", "inc", "ltd", "co", "corp", "bros",
            "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec", "e.g", "i.e", "z.b", "d.h", "u.a", "bzw", "ca", "nr", "str", "hr", "fr", "mio", "mrd", "p.ex",
        ],
        StringComparer.OrdinalIgnoreCase);

    public static List<TextSpan> Split(string text) => Split(text, 0, text.Length);

    public static List<TextSpan> Split(string text, int start, int end)
    {
        var sentences = new List<TextSpan>();
        var first = start;
        for (var position = start; position < end; position++)
        {
            var character = text[position];
            if (character == '\n' && EndsBlock(text, position, end))
            {
                Add(sentences, text, first, position);
                first = position;
            }
            else if (character is '。' or '！' or '？' || (character is '.' or '!' or '?' or '…' && EndsSentence(text, first, ref position, end)))
            {
                Add(sentences, text, first, position + 1);
                first = position + 1;
            }
        }

        Add(sentences, text, first, end);
        return sentences;
    }

    private static bool EndsSentence(string text, int first, ref int position, int end)
    {
        var mark = position;
        var next = position + 1;
        while (next < end && text[next] is '.' or '!' or '?' or '…' or '"' or '\'' or '”' or '’' or ')' or ']' or '»')
        {
            next++;
        }

        if (next < end && !char.IsWhiteSpace(text[next]))
        {
            return false;
        }

        position = next - 1;
        while (next < end && char.IsWhiteSpace(text[next]))
        {
            next++;
        }

        if (next >= end)
        {
            return true;
        }

        var begins = char.IsUpper(text[next]) || char.IsDigit(text[next]) || text[next] is '"' or '\'' or '“' or '‘' or '(' or '[' or '«' or '„' or '¿' or '¡'
            || (char.IsLetter(text[next]) && !char.IsLower(text[next]));
        return begins && (text[mark] != '.' || mark != position || !IsAbbreviation(text, first, mark, next));
    }

    private static bool IsAbbreviation(string text, int first, int point, int next)
    {
        var begin = point;
        while (begin > first && (char.IsLetterOrDigit(text[begin - 1]) || text[begin - 1] == '.'))
        {
            begin--;
        }

        var word = text.AsSpan(begin, point - begin);
        if (word.IsEmpty)
        {
            return false;
        }

        // An initial ("John F. Kennedy"), or letters with points ("U.S. Navy"): the sentence goes on unless nothing else can be meant.
        var initial = word.Length == 1 && char.IsUpper(word[0]) && word[0] != 'I';
        return initial || (word.Length == 3 && word[1] == '.' && char.IsUpper(word[0])) || (Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word)
            && (!word.Equals("no", StringComparison.OrdinalIgnoreCase) || char.IsDigit(text[next])));
    }

    /// <summary>True at a line end that an empty line, a heading, a list item, a quotation or a table row follows, or that ends a heading.</summary>
    private static bool EndsBlock(string text, int lineEnd, int end)
    {
        var next = lineEnd + 1;
        while (next < end && text[next] is ' ' or '\t' or '\r')
        {
            next++;
        }

        if (next >= end || text[next] is '\n' or '#' or '|' or '>' || (text[next] is '-' or '*' or '+' && next + 1 < end && text[next + 1] == ' '))
        {
            return true;
        }

        var digits = next;
        while (digits < end && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        if (digits > next && digits + 1 < end && text[digits] is '.' or ')' && text[digits + 1] == ' ')
        {
            return true;
        }

        var lineStart = lineEnd;
        while (lineStart > 0 && text[lineStart - 1] != '\n')
        {
            lineStart--;
        }

        return text[lineStart] == '#';
    }

    private static void Add(List<TextSpan> sentences, string text, int first, int end)
    {
        while (first < end && char.IsWhiteSpace(text[first]))
        {
            first++;
        }

        while (end > first && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        if (end > first)
        {
            sentences.Add(new(first, end - first));
        }
    }
}
