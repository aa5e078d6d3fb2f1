using System.Buffers;

namespace Idflow.Tasks.Text;

/// <summary>
/// Takes plural, <c>-ed</c>, <c>-ing</c> and <c>-ly</c> off English words: enough to match "ships" with "ship" and "declared" with
/// "declare", without the conflations of stronger stemmers. Words must be lower case.
/// </summary>
internal static class EnglishStemmer
{
    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouy");

    public static string Stem(string word)
    {
        if (word.Length < 4 || !char.IsAsciiLetterLower(word[^1]))
        {
            return word;
        }

        word = Singular(word);
        if (word.Length > 5 && word.EndsWith("ing", StringComparison.Ordinal) && HasVowel(word.AsSpan(0, word.Length - 3)))
        {
            word = Mend(word[..^3]);
        }
        else if (word.Length > 4 && word.EndsWith("ed", StringComparison.Ordinal) && !word.EndsWith("eed", StringComparison.Ordinal) && HasVowel(word.AsSpan(0, word.Length - 2)))
        {
            word = Mend(word[..^2]);
        }
        else if (word.Length > 5 && word.EndsWith("ly", StringComparison.Ordinal))
        {
            word = word[..^2];
        }

        return word.Length > 3 && word[^1] == 'e' ? word[..^1] : word.Length > 3 && word[^1] == 'y' ? word[..^1] + "i" : word;
    }

    private static string Singular(string word)
    {
        if (word.EndsWith("ies", StringComparison.Ordinal) && word.Length > 4)
        {
            return word[..^3] + "y";
        }

        if (word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("ches", StringComparison.Ordinal) || word.EndsWith("shes", StringComparison.Ordinal) || word.EndsWith("xes", StringComparison.Ordinal))
        {
            return word[..^2];
        }

        return word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i') ? word[..^1] : word;
    }

    private static string Mend(string stem) => stem.Length > 2 && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'z' or 'e') ? stem[..^1] : stem;

    private static bool HasVowel(ReadOnlySpan<char> stem) => stem.IndexOfAny(Vowels) >= 0;
}
