using Idflow.Documents.Model;

namespace Idflow.Documents.Index;

/// <summary>What the index knows of a document beside its properties; most documents have nothing of it and share <see cref="None"/>.</summary>
internal sealed record DocumentDetails
{
    public static DocumentDetails None { get; } = new();

    /// <summary>What is watched beside the folder itself and its <c>doc.md</c>: paths below the folder, with <c>/</c>.</summary>
    public IReadOnlyList<string> Watched { get; init; } = [];

    public IReadOnlyList<DocumentReference> DocumentReferences { get; init; } = [];

    public IReadOnlyList<FileReference> FileReferences { get; init; } = [];

    public IReadOnlyList<StageSummary> Stages { get; init; } = [];

    public IReadOnlyList<DocumentProblem> Problems { get; init; } = [];

    public bool IsEmpty => Watched.Count + DocumentReferences.Count + FileReferences.Count + Stages.Count + Problems.Count == 0;
}
