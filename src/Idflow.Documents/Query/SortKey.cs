using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>The values of one document that a <see cref="DocumentOrder"/> compares.</summary>
internal readonly record struct SortKey(ComparableValue?[] Values, DocumentStatus Status, string Id);
