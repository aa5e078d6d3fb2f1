namespace Idflow.Tasks.Retrieval;

/// <summary>Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): the sum over the lists of weight / (60 + rank), ranks from 1.</summary>
internal static class RankFusion
{
    public const int Constant = 60;

    /// <summary>Best first; equal scores in the order in which the items were first seen.</summary>
    public static List<(T Item, double Score)> Fuse<T>(IEnumerable<(IEnumerable<T> Items, double Weight)> rankings)
        where T : notnull
    {
        var scores = new Dictionary<T, double>();
        List<T> order = [];
        foreach (var (items, weight) in rankings)
        {
            var rank = 0;
            foreach (var item in items)
            {
                rank++;
                if (scores.TryAdd(item, 0))
                {
                    order.Add(item);
                }

                scores[item] += weight / (Constant + rank);
            }
        }

        return [.. order.Select(item => (item, scores[item])).OrderByDescending(entry => entry.Item2)];
    }
}
