namespace Idflow.Documents.Query;

/// <summary>A <see cref="DocumentQuery"/> parsed and checked: what every store applies to its documents.</summary>
public sealed class DocumentSelection
{
    /// <summary>Below this part of the matches, finding the first ones is faster than sorting all.</summary>
    private const int SortShare = 8;

    private readonly DocumentFilter[] _filters;
    private readonly DocumentOrder _order;
    private readonly int? _limit;

    private DocumentSelection(DocumentFilter[] filters, DocumentOrder order, int? limit)
    {
        (_filters, _order, _limit) = (filters, order, limit);
    }

    /// <exception cref="FilterException">A filter or sort name cannot be understood, or the limit is negative.</exception>
    public static DocumentSelection Parse(DocumentQuery query) => query.Limit < 0
        ? throw new FilterException($"limit {query.Limit}: a number from 0 on is needed.")
        : new([.. query.Filters.Select(DocumentFilter.Parse)], DocumentOrder.Parse(query.Sort), query.Limit);

    /// <summary>The names of properties (top level) that filters and order may read.</summary>
    internal IReadOnlyList<string> PropertyKeys =>
        [.. _filters.Select(filter => filter.Key).Concat(_order.Keys).Where(FilterKeys.IsProperty).SelectMany(PropertyPath.TopLevelKeys).Distinct()];

    public bool Matches(DocumentSummary document) => Array.TrueForAll(_filters, filter => filter.Matches(document));

    /// <summary>The documents that match, sorted and cut at the limit, and how many matched.</summary>
    public (IReadOnlyList<DocumentSummary> Documents, int Total) Apply(IEnumerable<DocumentSummary> documents)
    {
        var matches = documents.Where(Matches).Select(document => (Document: document, Key: _order.KeyOf(document))).ToList();
        return (Cut(matches), matches.Count);
    }

    /// <summary>Sorts what matched by its key and cuts it at the limit.</summary>
    internal IReadOnlyList<T> Cut<T>(List<(T Item, SortKey Key)> matches)
    {
        if (_limit == 0)
        {
            return [];
        }

        if (_limit < matches.Count / SortShare)
        {
            return First(matches, _limit.Value);
        }

        matches.Sort((left, right) => _order.Compare(left.Key, right.Key));
        return [.. matches.Take(_limit ?? int.MaxValue).Select(match => match.Item)];
    }

    /// <summary>The same as sorting all, with one comparison for most of them.</summary>
    private T[] First<T>(List<(T Item, SortKey Key)> matches, int count)
    {
        var last = new PriorityQueue<T, SortKey>(count + 1, Comparer<SortKey>.Create((left, right) => _order.Compare(right, left)));
        foreach (var (item, key) in matches)
        {
            if (last.Count < count)
            {
                last.Enqueue(item, key);
            }
            else
            {
                last.EnqueueDequeue(item, key);
            }
        }

        var first = new T[last.Count];
        for (var i = first.Length - 1; i >= 0; i--)
        {
            first[i] = last.Dequeue();
        }

        return first;
    }

    internal SortKey KeyOf(DocumentSummary document) => _order.KeyOf(document);
}
