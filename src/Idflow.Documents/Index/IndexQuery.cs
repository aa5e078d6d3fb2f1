using Idflow.Documents.Query;
using Idflow.Documents.Stores;

namespace Idflow.Documents.Index;

/// <summary>A query over indexed documents: filters and order read only the properties they name; what is returned is decoded when it is looked at.</summary>
internal static class IndexQuery
{
    public static DocumentQueryResult Run(IndexState state, DocumentSelection selection, CancellationToken cancellationToken)
    {
        var (documents, ambiguous) = (state.Ordered, state.Ambiguous);
        var parts = new List<BestMatches>();
        Chunks.Run(
            documents.Count,
            (from, to) =>
            {
                var found = selection.NewMatches(from);
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
                    parts.Add(found);
                }
            },
            cancellationToken);

        var matches = selection.NewMatches(from: 0);
        parts.Sort((left, right) => left.From.CompareTo(right.From));
        foreach (var found in parts)
        {
            matches.Add(found);
        }

        return new DocumentQueryResult(new FoundDocuments(Array.ConvertAll(matches.Places(), place => documents[place])), matches.Total, Problems(state));
    }

    public static List<DocumentProblem> Problems(IndexState state)
    {
        var problems = new List<DocumentProblem>();
        foreach (var document in state.Ordered)
        {
            if (state.Ambiguous.Count > 0 && state.Ambiguous.Contains(document.Id))
            {
                problems.Add(TwoFolders(state, document));
            }
            else
            {
                problems.AddRange(document.Details.Problems);
            }
        }

        return problems;
    }

    private static DocumentProblem TwoFolders(IndexState state, IndexedDocument document)
    {
        var others = state.All.Where(other => other.Id == document.Id && other.Status != document.Status).Select(other => $"{StatusNames.Of(other.Status)}/{other.Id}");
        return new DocumentProblem(
            DataFolder.NameOf(document.Status, document.Id, SafeName.DocumentFileName), 0,
            $"the document also lies in {string.Join(" and ", others)}; look which one is right and delete or move the other.", IsWarning: false);
    }
}
