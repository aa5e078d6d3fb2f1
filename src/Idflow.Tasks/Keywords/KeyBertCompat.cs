using Idflow.Tasks.Embeddings;
using Idflow.Tasks.Retrieval;

namespace Idflow.Tasks.Keywords;

/// <summary>Arguments of a call in the way of KeyBERT, its defaults filled in.</summary>
internal sealed record KeyBertArguments(
    int LeastWords, int MostWords, IReadOnlySet<string> StopWords, int TopN, int MinDf, bool UseMaxSum, bool UseMmr, double Diversity,
    int NrCandidates, IReadOnlyList<string>? Candidates, IReadOnlyList<IReadOnlyList<string>>? Seeds);

/// <summary>
/// What KeyBERT 0.9 does with scikit-learn's CountVectorizer: n-grams over the tokens that remain without stop words, across
/// sentences; the document's vector is that of its first 256 tokens; cosines rank.
/// </summary>
internal static class KeyBertCompat
{
    /// <summary>One list per text; null when no text has any vocabulary.</summary>
    public static List<List<(string Keyword, double Score)>>? Extract(IReadOnlyList<string> texts, KeyBertArguments arguments, ITextEmbedder embedder, out bool exact, CancellationToken cancellationToken)
    {
        exact = true;
        var counted = texts.Select(text => Grams(text, arguments).ToHashSet(StringComparer.Ordinal)).ToList();
        var vocabulary = Vocabulary(counted, arguments);
        if (vocabulary is null)
        {
            return null;
        }

        var words = embedder.Embed(vocabulary, cancellationToken);
        var documents = embedder.Embed(texts, cancellationToken);
        List<List<(string, double)>> results = [];
        for (var index = 0; index < texts.Count; index++)
        {
            var own = Enumerable.Range(0, vocabulary.Count).Where(position => counted[index].Contains(vocabulary[position])).ToList();
            var document = documents[index];
            if (arguments.Seeds is { } seeds)
            {
                var seed = Vectors.Mean(embedder.Embed(seeds.Count == 1 ? seeds[0] : seeds[index], cancellationToken));
                document = Vectors.Mean([document, seed], [3, 1]);
            }

            var scores = own.Select(position => (double)Vectors.Cosine(words[position], document)).ToList();
            results.Add(own.Count == 0 ? [] : [.. Choose([.. own.Select(position => words[position])], scores, arguments, ref exact)
                .Select(position => (vocabulary[own[position]], Math.Round(scores[position], 4)))]);
        }

        return results;
    }

    private static IEnumerable<int> Choose(IReadOnlyList<float[]> words, List<double> scores, KeyBertArguments arguments, ref bool exact)
    {
        var ascending = Enumerable.Range(0, scores.Count).OrderBy(position => scores[position]).ToList();
        if (arguments.UseMaxSum)
        {
            if (arguments.TopN > scores.Count)
            {
                return [];
            }

            var pool = ascending.TakeLast(arguments.NrCandidates).ToList();
            var (chosen, complete) = MaxSumSelection.Select(Similarities(pool.ConvertAll(position => words[position])), arguments.TopN);
            exact &= complete;
            return chosen.Select(position => pool[position]);
        }

        if (arguments.UseMmr)
        {
            return Diversity.Mmr(scores, (left, right) => Vectors.Cosine(words[left], words[right]), Math.Min(arguments.TopN, scores.Count), arguments.Diversity)
                .OrderByDescending(position => Math.Round(scores[position], 4));
        }

        return ascending.TakeLast(arguments.TopN).Reverse();
    }

    public static double[,] Similarities(IReadOnlyList<float[]> vectors)
    {
        var similarity = new double[vectors.Count, vectors.Count];
        for (var left = 0; left < vectors.Count; left++)
        {
            for (var right = left + 1; right < vectors.Count; right++)
            {
                similarity[left, right] = similarity[right, left] = Vectors.Cosine(vectors[left], vectors[right]);
            }
        }

        return similarity;
    }

    private static List<string>? Vocabulary(List<HashSet<string>> counted, KeyBertArguments arguments)
    {
        if (arguments.Candidates is { } candidates)
        {
            return candidates.Count == 0 || candidates.Distinct(StringComparer.Ordinal).Count() < candidates.Count ? null : [.. candidates];
        }

        // Python sorts by code points; ordinal UTF-16 differs only beside surrogates.
        var vocabulary = counted.SelectMany(set => set).GroupBy(gram => gram, StringComparer.Ordinal).Where(group => group.Count() >= arguments.MinDf)
            .Select(group => group.Key).OrderBy(gram => gram, CodePointOrder.Instance).ToList();
        return vocabulary.Count == 0 ? null : vocabulary;
    }

    private static IEnumerable<string> Grams(string text, KeyBertArguments arguments)
    {
        var tokens = PythonText.Words(PythonText.Lower(text)).Where(token => !arguments.StopWords.Contains(token)).ToList();
        for (var size = arguments.LeastWords; size <= arguments.MostWords; size++)
        {
            for (var first = 0; first + size <= tokens.Count; first++)
            {
                yield return size == 1 ? tokens[first] : string.Join(' ', tokens.GetRange(first, size));
            }
        }
    }

    private sealed class CodePointOrder : IComparer<string>
    {
        public static CodePointOrder Instance { get; } = new();

        public int Compare(string? x, string? y)
        {
            var common = Math.Min(x!.Length, y!.Length);
            for (var index = 0; index < common; index++)
            {
                if (x[index] != y[index])
                {
                    var (left, right) = (char.IsSurrogate(x[index]), char.IsSurrogate(y[index]));
                    return left == right ? x[index] - y[index] : left ? 1 : -1;
                }
            }

            return x.Length - y.Length;
        }
    }
}
