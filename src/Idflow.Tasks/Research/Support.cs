namespace Idflow.Tasks.Research;

/// <summary>How far the sources speak to a query at all, and the confidence of a report.</summary>
internal static class Support
{
    /// <summary>From this support on a query counts as answered.</summary>
    public const double Answered = 0.5;

    /// <summary>From this share of the weight (idf) of the query's names on a passage speaks of what the query names.</summary>
    private const double LeastNames = 0.5;

    /// <summary>
    /// From the three best passages that speak of what the query names: the share c of the query's term weight they hold and the cosine s of the
    /// best. Without vectors the support is c; with them it is the mean of c and of s stretched from [0.25, 0.75] to [0, 1]. It is halved when no
    /// passage holds the names: what is said of others does not answer a question about someone. The formula is idflow's own; the limits
    /// separate the answerable from the unanswerable of 30 questions over 233 addresses to Congress.
    /// </summary>
    public static double Of(IReadOnlyList<FoundPassage> passages)
    {
        if (passages.Count == 0)
        {
            return 0;
        }

        var named = passages.Where(passage => passage.Names >= LeastNames).ToList();
        return named.Count > 0 ? OfBest(named) : OfBest(passages) / 2;
    }

    /// <summary>
    /// Share of verified claims, times spread over n independent origins (1 - 1/2^n), times the mean support of the sub-queries (an
    /// unanswered one counts 0).
    /// </summary>
    public static double Confidence(int verified, int claims, int origins, IReadOnlyList<double> supports) =>
        claims == 0 || supports.Count == 0 ? 0
        : Math.Round((double)verified / claims * (1 - Math.Pow(0.5, origins)) * supports.Average(support => support < Answered ? 0 : support), 4);

    private static double OfBest(IReadOnlyList<FoundPassage> passages)
    {
        var best = passages.Take(3).ToList();
        var coverage = best.Max(passage => passage.Coverage);
        var cosines = best.Where(passage => passage.Cosine is not null).Select(passage => passage.Cosine!.Value).ToList();
        return cosines.Count == 0 ? coverage : (coverage + Math.Clamp((cosines.Max() - 0.25) / 0.5, 0, 1)) / 2;
    }
}
