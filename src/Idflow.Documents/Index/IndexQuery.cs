using Idflow.Documents.Query;
using Idflow.Documents.Stores;

namespace Idflow.Documents.Index;

/// <summary>A query over indexed documents: filters and order read only the properties they name; what is returned is decoded when it is looked at.</summary>
internal static class IndexQuery
{
    public static DocumentQueryResult Run(IndexState state, DocumentSelection selection, CancellationToken cancellationToken)
    {
        var (documents, ambiguous) = (state.Ordered, state.Ambiguous);
        var parts = new SortedList<int, BestMatches>();
        Chunks.Run(
            documents.Count,
            (from, to) =>
            {
                var found = selection.NewMatches();
                for (var i = from; i < to; i++)
                {
                    var document = documents[i];
                    if (document.Properties is not null && selection.Matches(document) && (ambiguous.Count == 0 || !ambiguous.Contains(document.Id)))
                    {
                        found.Add(document, i);
                    }
                }

                lock (parts)
                {
                    parts.Add(from, found);
                }
            },
            cancellationToken);

        var matches = selection.NewMatches();
        foreach (var part in parts.Values)
        {
            matches.Add(part);
        }

        return new DocumentQueryResult(new FoundDocuments([.. matches.Places().Select(place => documents[place])]), matches.Total, Problems(state));
    }

    private static List<DocumentProblem> Problems(IndexState state) =>
    [
        .. state.Ordered.Where(document => document.Details.Problems.Count > 0 || state.Ambiguous.Contains(document.Id))
            .SelectMany(document => state.Ambiguous.Contains(document.Id) ? [TwoFolders(state, document)] : document.Details.Problems),
    ];

    private static DocumentProblem TwoFolders(IndexState state, IndexedDocument document)
    {
        var others = state.All.Where(other => other.Id == document.Id && other.Status != document.Status).Select(other => $"{StatusNames.Of(other.Status)}/{other.Id}");
        return new DocumentProblem(
            DataFolder.NameOf(document.Status, document.Id, SafeName.DocumentFileName), 0,
            $"the document also lies in {string.Join(" and ", others)}; look which one is right and delete or move the other.", IsWarning: false);
    }
}
