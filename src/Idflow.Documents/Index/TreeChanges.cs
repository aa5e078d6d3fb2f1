using Idflow.Documents.Model;

namespace Idflow.Documents.Index;

/// <summary>How the tree differs from the index: folders to read (new or changed) and documents that are gone.</summary>
internal sealed record TreeChanges(IReadOnlyList<(DocumentStatus Status, string Id)> ToRead, IReadOnlyList<IndexedDocument> Gone)
{
    public bool IsEmpty => ToRead.Count == 0 && Gone.Count == 0;
}
