using Idflow.Documents.Model;
using Idflow.Documents.Stores.FileSystem;

namespace Idflow.Documents.Index;

/// <summary>How the tree differs from the index: folders to read (new or changed), documents that are gone, and what a crash may have left in the status folders.</summary>
internal sealed record TreeChanges(IReadOnlyList<(DocumentStatus Status, string Id)> ToRead, IReadOnlyList<IndexedDocument> Gone, IReadOnlyList<Leftover> Leftovers)
{
    public bool IsEmpty => ToRead.Count == 0 && Gone.Count == 0;
}
