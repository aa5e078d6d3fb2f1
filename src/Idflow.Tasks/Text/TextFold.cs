using System.Globalization;
using System.Text;

namespace Idflow.Tasks.Text;

/// <summary>Forms of a text for comparing.</summary>
internal static class TextFold
{
    /// <summary>Lower case without accents, compatibility forms resolved (NFKD without marks): for search terms.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        var result = new StringBuilder(text.Length);
        foreach (var rune in Normalize(text, NormalizationForm.FormKD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                result.Append(Rune.ToLowerInvariant(rune).ToString());
            }
        }

        return result.ToString();
    }

    /// <summary>As <see cref="string.Normalize(NormalizationForm)"/>, but unpaired surrogates become U+FFFD instead of an exception.</summary>
    public static string Normalize(string text, NormalizationForm form)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        try
        {
            return text.Normalize(form);
        }
        catch (ArgumentException)
        {
            return string.Concat(text.EnumerateRunes()).Normalize(form);
        }
    }
}
