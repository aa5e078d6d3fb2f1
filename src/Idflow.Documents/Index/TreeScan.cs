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
        foreach (var status in Enum.GetValues<DocumentStatus>())
        {
            var byName = state.ByName(status);
            foreach (var (document, name) in data.List(status, leftovers, name => byName.TryGetValue(name, out var found) ? (found, "") : ((IndexedDocument?)null, name.ToString())))
            {
                if (document is not null)
                {
                    known.Add(document);
                }
                else if (SafeName.IsSafe(name) && File.Exists(Path.Combine(data.Folders.PathOf(status, name), SafeName.DocumentFileName)))
                {
                    toRead.Add((status, name));
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
                    break;
            }
        }

        return new TreeChanges(toRead, gone, leftovers);
    }

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
