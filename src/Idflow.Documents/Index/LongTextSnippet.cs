using System.Globalization;
using System.Text;

namespace Idflow.Documents.Index;

/// <summary>The snippet of a long text: whole words around the first place where a search's first word stands, in one pass.</summary>
internal static class LongTextSnippet
{
    private const int Before = 60;
    private const int After = 140;

    /// <param name="text">The text.</param>
    /// <param name="words">What was searched for; case and accents do not count, a <c>*</c> at the end makes a beginning of a word.</param>
    public static string Of(string text, string words)
    {
        var (start, end) = NextWord(words, 0);
        var word = Folded(words.AsSpan(start, end - start));
        var isPrefix = end < words.Length && words[end] == '*';
        return Around(text, Find(text, word, isPrefix));
    }

    private static int Find(string text, string word, bool isPrefix)
    {
        for (var (start, end) = NextWord(text, 0); start < text.Length; (start, end) = NextWord(text, end))
        {
            var candidate = Folded(text.AsSpan(start, end - start));
            if (isPrefix ? candidate.StartsWith(word, StringComparison.Ordinal) : candidate == word)
            {
                return start;
            }
        }

        return 0;
    }

    private static string Around(string text, int at)
    {
        var from = at <= Before ? 0 : text.IndexOfAny([' ', '\n'], at - Before) + 1;
        from = from > at ? at : from;
        var to = text.Length - at <= After ? text.Length : text.LastIndexOfAny([' ', '\n'], at + After);
        to = to <= at ? Math.Min(text.Length, at + After) : to;
        return (from > 0 ? " … " : "") + text[from..to] + (to < text.Length ? " … " : "");
    }

    private static (int Start, int End) NextWord(string text, int from)
    {
        var start = from;
        while (start < text.Length && !IsOfWord(text[start]))
        {
            start++;
        }

        var end = start;
        while (end < text.Length && IsOfWord(text[end]))
        {
            end++;
        }

        return (start, end);
    }

    private static bool IsOfWord(char character) =>
        char.IsLetterOrDigit(character) || char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private static string Folded(ReadOnlySpan<char> word)
    {
        if (Ascii.IsValid(word))
        {
            return word.ToString().ToLowerInvariant();
        }

        var plain = word.ToString().Normalize(NormalizationForm.FormD).Where(character => char.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark);
        return string.Concat(plain).ToLowerInvariant();
    }
}
