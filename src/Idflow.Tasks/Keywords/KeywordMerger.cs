using Idflow.Tasks.Text;

namespace Idflow.Tasks.Keywords;

/// <summary>
/// Merges candidates that say the same: equal stems, string similarity at or above a limit, or words that occur (nearly) only
/// inside another candidate. The longer phrase stays when it covers most places of the shorter one, else the better one; shown
/// is the form that is most used.
/// </summary>
internal sealed class KeywordMerger(double limit, bool english)
{
    private readonly List<(Phrase Phrase, double Score, string[] Stems, List<Phrase> Variants)> _kept = [];

    public IReadOnlyList<(Phrase Phrase, double Score, string[] Stems, List<Phrase> Variants)> Kept => _kept;

    /// <summary>Candidates must come best first.</summary>
    public void Add(Phrase phrase, double score)
    {
        var stems = phrase.Words.Select(word => english ? EnglishStemmer.Stem(word) : word).ToArray();
        for (var index = 0; index < _kept.Count; index++)
        {
            var (other, otherScore, otherStems, variants) = _kept[index];
            if (limit < 1 && stems.Length > otherStems.Length && Holds(stems, otherStems) && phrase.Count * 2 > other.Count)
            {
                _kept[index] = (phrase, otherScore, stems, [.. variants, other]);
                return;
            }

            if (stems.AsSpan().SequenceEqual(otherStems) || (limit < 1 && (Similarity(phrase.Key, other.Key) >= limit || (Holds(otherStems, stems) && phrase.Count <= other.Count + Inside(variants, stems)))))
            {
                variants.Add(phrase);
                return;
            }
        }

        _kept.Add((phrase, score, stems, []));
    }

    /// <summary>How often the merged forms that also hold these stems occur.</summary>
    private static int Inside(List<Phrase> variants, string[] stems) => variants.Where(variant => variant.Words.Length >= stems.Length && !variant.Words.AsSpan().SequenceEqual(stems)).Sum(variant => variant.Count);

    /// <summary>1 - edit distance (Levenshtein) / longer length.</summary>
    public static double Similarity(string left, string right)
    {
        var longer = Math.Max(left.Length, right.Length);
        if (longer == 0)
        {
            return 1;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return 1 - ((double)row[^1] / longer);
    }

    private static bool Holds(string[] longer, string[] shorter)
    {
        for (var start = 0; start + shorter.Length <= longer.Length; start++)
        {
            if (longer.AsSpan(start, shorter.Length).SequenceEqual(shorter))
            {
                return true;
            }
        }

        return false;
    }
}
