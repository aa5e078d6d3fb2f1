namespace Idflow.Documents.Query;

/// <summary>What a <see cref="DocumentOrder"/> compares: the values of one document, and its place in the default order.</summary>
internal readonly record struct SortKey(ComparableValue?[] Values, int Place);
