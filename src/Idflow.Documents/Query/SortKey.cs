using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>The values of one document that a <see cref="DocumentOrder"/> compares.</summary>
internal sealed record SortKey(ComparableValue?[] Values, DocumentStatus Status, string Id);
