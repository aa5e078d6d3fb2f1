using Idflow.Documents.Model;
using Idflow.Documents.Stores;
using Idflow.Documents.Stores.FileSystem;

namespace Idflow.Documents.Index;

/// <summary>The freshness check: lists the status folders and compares every document's fingerprint; reads no file.</summary>
internal static class TreeScan
{
    public static TreeChanges Compare(DataFolder data, IndexState state, CancellationToken cancellationToken)
    {
        var known = new List<IndexedDocument>(state.Count);
        var toRead = new List<(DocumentStatus, string)>();
        var leftovers = new List<Leftover>();
        var strays = new List<DocumentProblem>();
        foreach (var status in Enum.GetValues<DocumentStatus>())
        {
            var byName = state.ByName(status);
            foreach (var (document, name) in data.List(status, leftovers, name => byName.TryGetValue(name, out var found) ? (found, "") : ((IndexedDocument?)null, name.ToString())))
            {
                if (document is not null)
                {
                    known.Add(document);
                }
                else if (SafeName.IsSafe(name))
                {
                    // The second asks through links: a link to nowhere exists as a file.
                    if (File.Exists(Path.Combine(data.Folders.PathOf(status, name), SafeName.DocumentFileName)) && data.Fingerprint(status, name, [], now: null) is not null)
                    {
                        toRead.Add((status, name));
                    }
                    else
                    {
                        strays.AddRange(Stray(data, status, name));
                    }
                }
            }
        }

        var freshness = CompareKnown(data, known, cancellationToken);
        var gone = known.Count == state.Count ? [] : state.All.Except(known).ToList();
        for (var i = 0; i < known.Count; i++)
        {
            switch (freshness[i])
            {
                case Freshness.Changed:
                    toRead.Add((known[i].Status, known[i].Id));
                    break;
                case Freshness.Gone:
                    gone.Add(known[i]);
                    strays.AddRange(Stray(data, known[i].Status, known[i].Id));
                    break;
            }
        }

        return new TreeChanges(toRead, gone, leftovers, [.. strays.OrderBy(stray => stray.Path, StringComparer.Ordinal)]);
    }

    /// <summary>What is wrong with a folder that holds no document; nothing for one that is gone or does not look like a document's.</summary>
    private static IEnumerable<DocumentProblem> Stray(DataFolder data, DocumentStatus status, string id) =>
        StrayFolder.Explain(data.Folders.PathOf(status, id)) is { } why
            ? [new DocumentProblem(DataFolder.NameOf(status, id, SafeName.DocumentFileName), 0, why, IsWarning: false)]
            : [];

    private static Freshness[] CompareKnown(DataFolder data, List<IndexedDocument> known, CancellationToken cancellationToken)
    {
        var freshness = new Freshness[known.Count];
        Chunks.Run(
            known.Count,
            (from, to) =>
            {
                for (var i = from; i < to; i++)
                {
                    var document = known[i];
                    var fingerprint = data.Fingerprint(document.Status, document.Id, document.Details.Watched, now: null);
                    freshness[i] = fingerprint is null ? Freshness.Gone
                        : fingerprint == document.Fingerprint ? Freshness.Same
                        : Freshness.Changed;
                }
            },
            cancellationToken);
        return freshness;
    }

    private enum Freshness : byte
    {
        Same,
        Changed,
        Gone,
    }
}
