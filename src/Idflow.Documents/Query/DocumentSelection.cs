namespace Idflow.Documents.Query;

/// <summary>A <see cref="DocumentQuery"/> parsed and checked: what every store applies to its documents.</summary>
public sealed class DocumentSelection
{
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

        matches.Sort((left, right) => _order.Compare(left.Key, right.Key));
        return [.. matches.Take(_limit ?? int.MaxValue).Select(match => match.Item)];
    }

    internal SortKey KeyOf(DocumentSummary document) => _order.KeyOf(document);
}
