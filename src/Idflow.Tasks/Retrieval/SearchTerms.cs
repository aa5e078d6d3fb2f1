using Idflow.Tasks.Text;

namespace Idflow.Tasks.Retrieval;

/// <summary>
/// From words to the terms that are compared: folded, hyphens split, possessive taken off, function words dropped, English
/// words stemmed. One instance keeps what it has seen; not for several threads at once.
/// </summary>
internal sealed class SearchTerms(string language)
{
    private readonly Dictionary<string, string[]> _known = new(StringComparer.Ordinal);
    private readonly IReadOnlySet<string> _stopWords = StopWords.For(language);
    private readonly bool _english = language == "en";

    /// <summary>Words of asking that the list of function words leaves in.</summary>
    private static readonly HashSet<string> Asking = ["did", "does", "doing"];

    /// <summary>The terms of a stretch of text, in order, with repeats.</summary>
    public List<string> Of(string text, int start, int end)
    {
        var lookup = _known.GetAlternateLookup<ReadOnlySpan<char>>();
        var terms = new List<string>((end - start) / 10);
        foreach (var token in WordTokenizer.Tokenize(text, start, end))
        {
            var surface = text.AsSpan(token.Start, token.Length);
            if (!lookup.TryGetValue(surface, out var parts))
            {
                parts = Make(surface.ToString());
                lookup[surface] = parts;
            }

            terms.AddRange(parts);
        }

        return terms;
    }

    public List<string> Of(string text) => Of(text, 0, text.Length);

    private string[] Make(string surface)
    {
        var word = surface.ToLowerInvariant();
        if (_stopWords.Contains(word) || (_english && Asking.Contains(word)))
        {
            return [];
        }

        return [.. TextFold.Fold(word).Replace('\u2019', '\'').Split('-', '\u2010', '\u2011')
            .Select(Plain).Where(part => part.Length > 0 && !_stopWords.Contains(part)).Select(part => _english ? EnglishStemmer.Stem(part) : part)];
    }

    private static string Plain(string part)
    {
        part = part.EndsWith("'s", StringComparison.Ordinal) ? part[..^2] : part;
        part = part.Trim('\'');
        return part.Length > 0 && char.IsAsciiDigit(part[0]) ? part.Replace(",", "", StringComparison.Ordinal) : part;
    }
}
