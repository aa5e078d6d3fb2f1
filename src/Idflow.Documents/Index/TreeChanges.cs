using Idflow.Documents.Model;
using Idflow.Documents.Stores.FileSystem;

namespace Idflow.Documents.Index;

/// <summary>
/// How the tree differs from the index: folders to read (new or changed), documents that are gone, what a crash may have left in the status
/// folders, and folders that look like a document but hold none.
/// </summary>
internal sealed record TreeChanges(IReadOnlyList<(DocumentStatus Status, string Id)> ToRead, IReadOnlyList<IndexedDocument> Gone, IReadOnlyList<Leftover> Leftovers, IReadOnlyList<DocumentProblem> Strays)
{
    public bool IsEmpty => ToRead.Count == 0 && Gone.Count == 0;
}
