using Idflow.Tasks.Embeddings;
using Idflow.Tasks.Retrieval;

namespace Idflow.Tasks.Research;

/// <summary>A passage found for a query.</summary>
/// <param name="Passage">Where it stands.</param>
/// <param name="Score">Of the fused ranks.</param>
/// <param name="Coverage">The share of the query's term weight it holds.</param>
/// <param name="Cosine">To the query; null without a model.</param>
/// <param name="Names">The share of the weight of the query's names it holds; 1 when there are none.</param>
internal sealed record FoundPassage(Passage Passage, double Score, double Coverage, double? Cosine, double Names);

/// <summary>
/// Passages of all sources, ranked for a query: BM25 over all of them, vectors for the best candidates only, both ranks fused,
/// one vote per source.
/// </summary>
internal sealed class PassageRanker(PassageIndex index, ITextEmbedder? embedder)
{
    /// <summary>Passages that get a vector in one research, whatever the number of sub-queries.</summary>
    public const int MostVectors = 64;

    private readonly Dictionary<int, float[]> _vectors = [];

    /// <summary>Passages that have a vector by now.</summary>
    public int VectorCount => _vectors.Count;

    /// <summary>The best passages, at most one of each source before any second one of a source; those with the focus before all others.</summary>
    public List<FoundPassage> Rank(string query, int candidates, int limit, CancellationToken cancellationToken, string focus = "", string names = "")
    {
        var named = index.TermsOf(names).Distinct(StringComparer.Ordinal).ToList();
        var wanted = index.TermsOf(focus).ToHashSet(StringComparer.Ordinal);
        var terms = index.TermsOf(query).Distinct(StringComparer.Ordinal).ToList();
        var lexical = index.Search(terms, 200).OrderByDescending(entry => index.Focuses(entry.Text, wanted)).ToList();
        var cosines = Cosines(query, [.. lexical.Take(candidates).Select(entry => entry.Text)], cancellationToken);
        var byWords = lexical.Select(entry => entry.Text);
        var fused = cosines.Count == 0
            ? RankFusion.Fuse([(byWords, 1.0)])
            : RankFusion.Fuse([(byWords, 1.0), (cosines.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key).Select(entry => entry.Key), 1.5)]);
        var found = fused.Select(entry => (Focused: index.Focuses(entry.Item, wanted), Found: new FoundPassage(
            index.Passages[entry.Item], entry.Score, terms.Count == 0 ? 0 : index.ShareOf(terms, entry.Item),
            cosines.TryGetValue(entry.Item, out var cosine) ? cosine : null, index.ShareOf(named, entry.Item)))).ToList();
        return [.. OneVotePerSource(found.Where(entry => entry.Focused)).Concat(OneVotePerSource(found.Where(entry => !entry.Focused))).Take(limit)];
    }

    /// <summary>Terms of the best passages that the query lacks, by idf and how many of the passages hold them.</summary>
    public List<string> Related(string query, IEnumerable<FoundPassage> best, int count)
    {
        var known = index.TermsOf(query).ToHashSet(StringComparer.Ordinal);
        return [.. best.SelectMany(found => index.TermsOf(found.Passage).Distinct(StringComparer.Ordinal))
            .Where(term => !known.Contains(term) && term.Length > 3).CountBy(term => term, StringComparer.Ordinal).Where(entry => entry.Value > 1)
            .OrderByDescending(entry => entry.Value * index.Idf(entry.Key)).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(count).Select(entry => entry.Key)];
    }

    private Dictionary<int, double> Cosines(string query, List<int> candidates, CancellationToken cancellationToken)
    {
        if (embedder is null || candidates.Count == 0)
        {
            return [];
        }

        var missing = candidates.Where(passage => !_vectors.ContainsKey(passage)).Take(MostVectors - _vectors.Count).ToList();
        var made = embedder.Embed([.. missing.Select(index.TextFor)], cancellationToken);
        for (var position = 0; position < missing.Count; position++)
        {
            _vectors[missing[position]] = made[position];
        }

        var vector = embedder.Embed([query], cancellationToken)[0];
        return candidates.Where(_vectors.ContainsKey).ToDictionary(passage => passage, passage => (double)Vectors.Dot(vector, _vectors[passage]));
    }

    private static IEnumerable<FoundPassage> OneVotePerSource(IEnumerable<(bool Focused, FoundPassage Found)> found)
    {
        var rounds = found.GroupBy(entry => entry.Found.Passage.Source).SelectMany(group => group.Select((entry, round) => (entry.Found, round)));
        return rounds.OrderBy(item => item.round).ThenByDescending(item => item.Found.Score).Select(item => item.Found);
    }
}
