namespace Idflow.Documents.Query;

/// <summary>Takes documents that match and keeps the first of them in an order, without holding many more than the limit.</summary>
internal sealed class BestMatches(DocumentOrder order, int? limit, int from)
{
    /// <summary>So many are held beyond the limit before those beyond it are let go.</summary>
    private const int Slack = 64;

    private readonly List<SortKey> _best = [];
    private ComparableValue?[] _values = order.NewValues();
    private SortKey? _last;

    /// <summary>The first place that it is asked about.</summary>
    public int From => from;

    /// <summary>How many were added.</summary>
    public int Total { get; private set; }

    /// <param name="document">A document that matches.</param>
    /// <param name="place">Its place in the default order; later than that of the one before.</param>
    public void Add(IFilterable document, int place)
    {
        Total++;
        order.Read(document, _values);
        var key = new SortKey(_values, place);
        if (limit != 0 && (_last is not { } last || order.Compare(key, last) < 0))
        {
            _values = order.NewValues();
            Keep(key);
        }
    }

    /// <summary>Adds what another one has kept, of later places than all here.</summary>
    public void Add(BestMatches other)
    {
        Total += other.Total;
        _best.AddRange(other._best);
    }

    /// <summary>The places of the first ones, in order.</summary>
    public int[] Places()
    {
        if (!order.IsDefault)
        {
            _best.Sort(order.Compare);
        }

        var places = new int[Math.Min(_best.Count, limit ?? int.MaxValue)];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = _best[i].Place;
        }

        return places;
    }

    private void Keep(SortKey key)
    {
        _best.Add(key);
        if (_best.Count > (long)limit.GetValueOrDefault(int.MaxValue) + Math.Max(limit.GetValueOrDefault(), Slack))
        {
            _best.Sort(order.Compare);
            _best.RemoveRange(limit!.Value, _best.Count - limit.Value);
            _last = _best[^1];
        }
    }
}
