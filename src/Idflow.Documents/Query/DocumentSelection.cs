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

    public bool Matches(DocumentSummary document) => Matches((IFilterable)document);

    /// <summary>The documents that match, sorted and cut at the limit, and how many matched.</summary>
    public (IReadOnlyList<DocumentSummary> Documents, int Total) Apply(IEnumerable<DocumentSummary> documents)
    {
        var ordered = documents.OrderBy(document => document.Status).ThenBy(document => document.Id, StringComparer.Ordinal).ToList();
        var matches = NewMatches(from: 0);
        for (var place = 0; place < ordered.Count; place++)
        {
            if (Matches(ordered[place]))
            {
                matches.Add(ordered[place], place);
            }
        }

        return (Array.ConvertAll(matches.Places(), place => ordered[place]), matches.Total);
    }

    internal bool Matches(IFilterable document)
    {
        foreach (var filter in _filters)
        {
            if (!filter.Matches(document))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes the matches of this selection, or those from a place on.</summary>
    internal BestMatches NewMatches(int from) => new(_order, _limit, from);
}
