using System.Text;
using Idflow.Documents.Query;
using Idflow.Documents.Stores;

namespace Idflow.Documents.Index;

/// <summary>A query over indexed documents: filters and order read only the properties they name; what is returned is decoded when it is looked at.</summary>
internal static class IndexQuery
{
    public static DocumentQueryResult Run(IndexState state, DocumentSelection selection, CancellationToken cancellationToken)
    {
        var documents = state.All.Where(document => !state.Ambiguous.Contains(document.Id)).ToList();
        var keys = selection.PropertyKeys.Select(Encoding.UTF8.GetBytes).ToArray();
        var matches = new List<((IndexedDocument, bool), SortKey)>();
        Chunks.Run(
            documents.Count,
            (from, to) =>
            {
                var found = new List<((IndexedDocument, bool), SortKey)>();
                for (var i = from; i < to; i++)
                {
                    if (documents[i].Properties is { } encoded)
                    {
                        var part = documents[i].Summary(PropertyCodec.DecodeOnly(encoded, keys, out var isSound));
                        if (selection.Matches(part))
                        {
                            found.Add(((documents[i], isSound), selection.KeyOf(part)));
                        }
                    }
                }

                lock (matches)
                {
                    matches.AddRange(found);
                }
            },
            cancellationToken);

        var total = matches.Count;
        return new DocumentQueryResult(Decode(selection.Cut(matches), cancellationToken), total, Problems(state));
    }

    private static List<DocumentProblem> Problems(IndexState state) =>
    [
        .. state.All.Where(document => document.Problems.Count > 0 || state.Ambiguous.Contains(document.Id))
            .OrderBy(document => document.Status).ThenBy(document => document.Id, StringComparer.Ordinal)
            .SelectMany(document => state.Ambiguous.Contains(document.Id) ? [TwoFolders(state, document)] : document.Problems),
    ];

    private static DocumentProblem TwoFolders(IndexState state, IndexedDocument document)
    {
        var others = state.All.Where(other => other.Id == document.Id && other.Status != document.Status).Select(other => $"{StatusNames.Of(other.Status)}/{other.Id}");
        return new DocumentProblem(
            DataFolder.NameOf(document.Status, document.Id, SafeName.DocumentFileName), 0,
            $"the document also lies in {string.Join(" and ", others)}; look which one is right and delete or move the other.", IsWarning: false);
    }

    private static DocumentSummary[] Decode(IReadOnlyList<(IndexedDocument Document, bool IsSound)> documents, CancellationToken cancellationToken)
    {
        var summaries = new DocumentSummary[documents.Count];
        Chunks.Run(
            documents.Count,
            (from, to) =>
            {
                for (var i = from; i < to; i++)
                {
                    var (document, isSound) = documents[i];
                    summaries[i] = document.Summary(isSound ? PropertyCodec.DecodeSoundLater(document.Properties!) : PropertyCodec.DecodeLater(document.Properties!));
                }
            },
            cancellationToken);
        return summaries;
    }
}
