using Idflow.Documents.Stores.FileSystem;

namespace Idflow.Documents.Index;

/// <summary>A text for the full-text search: a body (<paramref name="Result"/> null) or a result named <c>stage/counter/name</c>.</summary>
internal sealed record IndexedText(string? Result, string Text);

/// <summary>What reading a folder gave, and what it holds that a crash may have left.</summary>
internal sealed record IndexedFolder(IndexedDocument Document, IReadOnlyList<IndexedText> Texts, IReadOnlyList<Leftover> Leftovers);
