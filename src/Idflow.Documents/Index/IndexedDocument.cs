using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Documents.Index;

/// <summary>
/// One document folder as the index knows it. Immutable and small: the properties stay encoded until a query needs
/// them, because a hundred thousand of these are held at once.
/// </summary>
internal sealed class IndexedDocument : IFilterable
{
    /// <summary>The fingerprint that never equals one that was read: the folder is read again at the next check.</summary>
    public const ulong Unsettled = 0;

    public required string Id { get; init; }

    public required DocumentStatus Status { get; init; }

    /// <summary>The stamps of everything watched, mixed in order.</summary>
    public required ulong Fingerprint { get; init; }

    /// <summary>By <see cref="PropertyCodec"/>; null when the document cannot be read and is only here for its problems.</summary>
    public byte[]? Properties { get; init; }

    public DocumentDetails Details { get; init; } = DocumentDetails.None;

    IReadOnlyList<DocumentReference> IFilterable.DocumentReferences => Details.DocumentReferences;

    IReadOnlyList<FileReference> IFilterable.FileReferences => Details.FileReferences;

    IReadOnlyList<StageSummary> IFilterable.Stages => Details.Stages;

    bool IFilterable.TryGetProperty(FilterKey key, out object? value)
    {
        foreach (var (utf8, rest) in key.Steps)
        {
            if (PropertyCodec.TryFind(Properties!, utf8, out value) && (rest is null || (value is PropertyMap map && PropertyPath.TryGet(map, rest, out value))))
            {
                return true;
            }
        }

        value = null;
        return false;
    }

    public DocumentSummary Summary() => new(Id, Status, PropertyCodec.Decode(Properties!), Details.DocumentReferences, Details.FileReferences, Details.Stages);

    /// <summary>By status, then id: the order of listings.</summary>
    public static int Compare(IndexedDocument left, IndexedDocument right) =>
        left.Status != right.Status ? left.Status.CompareTo(right.Status) : string.CompareOrdinal(left.Id, right.Id);
}
