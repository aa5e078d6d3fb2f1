namespace Idflow.Tasks.Keywords;

/// <summary>
/// Of all subsets of a size, the one with the least sum of pairwise similarities; of equal ones the first in lexicographic
/// order. Branch and bound: a branch is left when its sum and a lower bound on the pairs to come exceed the best sum known.
/// </summary>
internal sealed class MaxSumSelection
{
    /// <summary>Above this many visited nodes the search stops with the best subset so far.</summary>
    public const int MostNodes = 2_000_000;

    /// <summary>Keeps rounding from cutting a branch that holds the exact minimum.</summary>
    private const double Slack = 1e-9;

    private readonly double[,] _similarity;
    private readonly int _size;
    private readonly double[][] _leastHalfSums;
    private readonly int[] _chosen;
    private readonly double[][] _linked;
    private int[]? _best;
    private double _bestSum = double.PositiveInfinity;
    private double _bound;

    private MaxSumSelection(double[,] similarity, int size)
    {
        _similarity = similarity;
        _size = size;
        _chosen = new int[size];
        var count = similarity.GetLength(0);
        _linked = [.. Enumerable.Range(0, size + 1).Select(_ => new double[count])];
        _leastHalfSums = [.. Enumerable.Range(0, count).Select(item => HalfSums(item, count))];
        _bound = Greedy(count);
    }

    public int Nodes { get; private set; }

    /// <summary>True when the search ran to its end, so the answer is the minimum.</summary>
    public bool IsExact => Nodes <= MostNodes;

    /// <summary>Positions in ascending order; empty when there are fewer items than asked for.</summary>
    public static (int[] Chosen, bool IsExact) Select(double[,] similarity, int size)
    {
        if (size > similarity.GetLength(0))
        {
            return ([], true);
        }

        var search = new MaxSumSelection(similarity, size);
        search.Visit(0, 0, 0);
        return (search._best ?? [], search.IsExact);
    }

    private void Visit(int depth, int first, double sum)
    {
        if (depth == _size)
        {
            if (sum < _bestSum)
            {
                _bestSum = sum;
                _best = [.. _chosen];
                _bound = Math.Min(_bound, sum);
            }

            return;
        }

        var count = _similarity.GetLength(0);
        for (var item = first; item <= count - (_size - depth); item++)
        {
            if (++Nodes > MostNodes && _best is not null)
            {
                return;
            }

            var next = sum + _linked[depth][item];
            _chosen[depth] = item;
            for (var other = item + 1; other < count; other++)
            {
                _linked[depth + 1][other] = _linked[depth][other] + _similarity[item, other];
            }

            if (next + LowerBound(depth + 1, item + 1) <= _bound + Slack)
            {
                Visit(depth + 1, item + 1, next);
            }
        }
    }

    /// <summary>Each item to come adds at least its links to the chosen ones and half of its least similarities to others.</summary>
    private double LowerBound(int depth, int first)
    {
        var missing = _size - depth;
        if (missing == 0)
        {
            return 0;
        }

        var count = _similarity.GetLength(0);
        Span<double> costs = count <= 512 ? stackalloc double[count - first] : new double[count - first];
        for (var item = first; item < count; item++)
        {
            costs[item - first] = _linked[depth][item] + _leastHalfSums[item][missing - 1];
        }

        costs.Sort();
        double sum = 0;
        for (var index = 0; index < missing; index++)
        {
            sum += costs[index];
        }

        return sum;
    }

    private double[] HalfSums(int item, int count)
    {
        var others = Enumerable.Range(0, count).Where(other => other != item).Select(other => _similarity[Math.Min(item, other), Math.Max(item, other)]).Order().ToArray();
        var sums = new double[_size];
        for (var index = 1; index < _size; index++)
        {
            sums[index] = sums[index - 1] + (others[index - 1] / 2);
        }

        return sums;
    }

    /// <summary>The sum of a good subset: from the best pair on, always the item that adds least.</summary>
    private double Greedy(int count)
    {
        var least = double.PositiveInfinity;
        for (var start = 0; start < count; start++)
        {
            List<int> chosen = [start];
            double sum = 0;
            while (chosen.Count < _size)
            {
                var (item, added) = Enumerable.Range(0, count).Where(other => !chosen.Contains(other))
                    .Select(other => (other, chosen.Sum(known => _similarity[Math.Min(known, other), Math.Max(known, other)]))).MinBy(entry => entry.Item2);
                chosen.Add(item);
                sum += added;
            }

            least = Math.Min(least, sum);
        }

        return least;
    }
}
