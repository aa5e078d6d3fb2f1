using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>What filters and orders ask of a document.</summary>
internal interface IFilterable
{
    string Id { get; }

    DocumentStatus Status { get; }

    IReadOnlyList<DocumentReference> DocumentReferences { get; }

    IReadOnlyList<FileReference> FileReferences { get; }

    IReadOnlyList<StageSummary> Stages { get; }

    /// <summary>The value under a property path, as <see cref="PropertyPath.TryGet"/> finds it.</summary>
    bool TryGetProperty(FilterKey key, out object? value);
}
