using Idflow.Tasks.Embeddings;

namespace Idflow.Tasks.Research;

/// <summary>What one sub-query found.</summary>
internal sealed record Finding(string Query, string Heading, double Support, IReadOnlyList<FoundPassage> Passages, IReadOnlyList<Evidence> Evidence)
{
    public bool Answered => Support >= Research.Support.Answered;
}

/// <summary>What a research found: per sub-query and over all, with the sources from the most to the least useful.</summary>
internal sealed record Findings(IReadOnlyList<Finding> Parts, IReadOnlyList<int> SourceOrder, IReadOnlyDictionary<int, double> Relevance, IReadOnlyList<string> UnknownTerms, int Passages, int VectorCount);

/// <summary>
/// Research without a language model: passages are ranked for the question and its sub-queries, and sentences are quoted from
/// the best ones. The same sources and question give the same findings.
/// </summary>
internal sealed class ExtractiveResearch(PassageIndex index, ITextEmbedder? embedder, ResearchSettings settings)
{
    private readonly PassageRanker _ranker = new(index, embedder);

    /// <param name="subQueries">The plan; the question itself is always searched too.</param>
    /// <param name="outOfTime">True stops before the next sub-query.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    public Findings Run(IReadOnlyList<PlannedQuery> subQueries, Func<bool> outOfTime, CancellationToken cancellationToken)
    {
        var selector = new EvidenceSelector(index, embedder);
        // Names that the parts share out are not asked of one passage.
        var mainNames = subQueries.Any(query => query.Focus.Length > 0) ? "" : QueryPlanner.NamesIn(settings.Query, settings.Language);
        var main = _ranker.Rank(settings.Query, settings.Candidates, Math.Max(10, settings.MaxResults), cancellationToken, names: mainNames);
        var mainSupport = Support.Of(main);
        List<Finding> parts = [];
        var queries = new Queue<(PlannedQuery Part, int Round)>(subQueries.Select(query => (query, 1)));
        while (queries.TryDequeue(out var next) && !(outOfTime() && parts.Count > 0))
        {
            var (query, search, focus, heading) = next.Part;
            var isMain = query.Equals(settings.Query, StringComparison.OrdinalIgnoreCase);
            var passages = isMain ? main : _ranker.Rank(search, settings.SubCandidates, settings.MaxResults, cancellationToken, focus, focus.Length > 0 ? "" : QueryPlanner.NamesIn(query, settings.Language));
            // A part whose own name stands nowhere is not answered by what the parts have in common.
            var support = Support.Of(passages) / (index.HoldsNowhere(focus) ? 2 : 1);
            if (support < Support.Answered && next.Round < settings.Rounds && _ranker.Related(search, passages.Take(5), 4) is { Count: > 0 } related)
            {
                queries.Enqueue((next.Part.Widened(related), next.Round + 1));
            }

            var count = isMain && subQueries.Count == 1 ? Math.Max(5, settings.QuotesPerQuery) : settings.QuotesPerQuery;
            var evidence = selector.Select(isMain ? settings.Query : $"{settings.Query} {search}", focus, [.. passages.Take(settings.MaxResults)], count, cancellationToken);
            parts.Add(new(query, heading, support, passages, evidence));
        }

        var (order, relevance) = OrderSources(main, parts);
        // Sub-queries are fragments: the question as a whole decides whether there is an answer at all.
        parts = [.. parts.Select(part => part with { Support = Math.Min(part.Support, (part.Support + mainSupport) / 2) })];
        return new(parts, order, relevance, index.Unknown(settings.Query), index.Passages.Count, _ranker.VectorCount);
    }

    /// <summary>Sources by the fused ranks of their best passages over all queries; relevance relative to the first.</summary>
    private static (IReadOnlyList<int> Order, IReadOnlyDictionary<int, double> Relevance) OrderSources(List<FoundPassage> main, List<Finding> parts)
    {
        var fused = Retrieval.RankFusion.Fuse(
            parts.Where(part => part.Passages != main).Select(part => (part.Passages.Select(passage => passage.Passage.Source).Distinct(), 1.0))
                .Prepend((main.Select(passage => passage.Passage.Source).Distinct(), 1.2)));
        var top = fused.Count == 0 ? 1 : fused[0].Score;
        return ([.. fused.Select(entry => entry.Item)], fused.ToDictionary(entry => entry.Item, entry => Math.Round(entry.Score / top, 4)));
    }
}
