namespace Idflow.Tasks.Retrieval;

/// <summary>Maximal marginal relevance (Carbonell and Goldstein 1998).</summary>
internal static class Diversity
{
    /// <summary>
    /// First the most relevant item, then again and again the one with the greatest (1 - diversity) · relevance - diversity · (greatest
    /// similarity to a chosen one). The first of equals wins. Returns positions in the order chosen.
    /// </summary>
    public static List<int> Mmr(IReadOnlyList<double> relevance, Func<int, int, double> similarity, int count, double diversity)
    {
        List<int> chosen = [];
        var nearest = Enumerable.Repeat(double.NegativeInfinity, relevance.Count).ToArray();
        var open = Enumerable.Range(0, relevance.Count).ToList();
        while (chosen.Count < count && open.Count > 0)
        {
            var best = open[0];
            var bestValue = double.NegativeInfinity;
            foreach (var item in open)
            {
                var value = chosen.Count == 0 ? relevance[item] : ((1 - diversity) * relevance[item]) - (diversity * nearest[item]);
                if (value > bestValue)
                {
                    (best, bestValue) = (item, value);
                }
            }

            chosen.Add(best);
            open.Remove(best);
            foreach (var item in open)
            {
                nearest[item] = Math.Max(nearest[item], similarity(item, best));
            }
        }

        return chosen;
    }
}
