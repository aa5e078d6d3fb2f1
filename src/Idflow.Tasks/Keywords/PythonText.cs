using System.Globalization;
using System.Text;

namespace Idflow.Tasks.Keywords;

/// <summary>Lower case and words as Python's <c>str.lower</c> and <c>\b\w\w+\b</c> give them.</summary>
internal static class PythonText
{
    public static string Lower(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '\u0130':
                    result.Append("i\u0307");
                    break;
                case '\u03A3':
                    result.Append(IsFinal(text, index) ? '\u03C2' : '\u03C3');
                    break;
                case var high when char.IsHighSurrogate(high) && index + 1 < text.Length && Rune.TryCreate(high, text[index + 1], out var rune):
                    result.Append(Rune.ToLowerInvariant(rune).ToString());
                    index++;
                    break;
                default:
                    result.Append(char.ToLowerInvariant(text[index]));
                    break;
            }
        }

        return result.ToString();
    }

    /// <summary>Runs of at least two letters, numbers of any kind, or <c>_</c>.</summary>
    public static IEnumerable<string> Words(string text)
    {
        int start = 0, runes = 0, position = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsWord(rune))
            {
                start = runes == 0 ? position : start;
                runes++;
            }
            else
            {
                if (runes >= 2)
                {
                    yield return text[start..position];
                }

                runes = 0;
            }

            position += rune.Utf16SequenceLength;
        }

        if (runes >= 2)
        {
            yield return text[start..];
        }
    }

    private static bool IsWord(Rune rune) => rune.Value == '_' || Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
        or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary>Unicode's Final_Sigma: a cased letter before it and none after it, other signs such as apostrophes skipped.</summary>
    private static bool IsFinal(string text, int index)
    {
        var before = index - 1;
        while (before >= 0 && IsIgnorable(text[before]))
        {
            before--;
        }

        var after = index + 1;
        while (after < text.Length && IsIgnorable(text[after]))
        {
            after++;
        }

        return before >= 0 && IsCased(text[before]) && (after >= text.Length || !IsCased(text[after]));
    }

    private static bool IsCased(char character) => char.IsUpper(character) || char.IsLower(character);

    private static bool IsIgnorable(char character) => character is '\'' or '.' or ':' or '^' or '`' or '\u2019' or '\u00B7' || char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
