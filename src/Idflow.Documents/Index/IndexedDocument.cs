using Idflow.Documents.Model;

namespace Idflow.Documents.Index;

/// <summary>
/// One document folder as the index knows it. Immutable and small: the properties stay encoded until a query needs
/// them, because a hundred thousand of these are held at once.
/// </summary>
internal sealed record IndexedDocument
{
    /// <summary>The fingerprint that never equals one that was read: the folder is read again at the next check.</summary>
    public const ulong Unsettled = 0;

    public required string Id { get; init; }

    public required DocumentStatus Status { get; init; }

    /// <summary>The stamps of everything watched, mixed in order.</summary>
    public required ulong Fingerprint { get; init; }

    /// <summary>What is watched beside the folder itself and its <c>doc.md</c>: paths below the folder, with <c>/</c>.</summary>
    public IReadOnlyList<string> Watched { get; init; } = [];

    /// <summary>By <see cref="PropertyCodec"/>; null when the document cannot be read and is only here for its problems.</summary>
    public byte[]? Properties { get; init; }

    public IReadOnlyList<DocumentReference> DocumentReferences { get; init; } = [];

    public IReadOnlyList<FileReference> FileReferences { get; init; } = [];

    public IReadOnlyList<StageSummary> Stages { get; init; } = [];

    public IReadOnlyList<DocumentProblem> Problems { get; init; } = [];

    public DocumentSummary Summary(PropertyMap properties) => new(Id, Status, properties, DocumentReferences, FileReferences, Stages);
}
