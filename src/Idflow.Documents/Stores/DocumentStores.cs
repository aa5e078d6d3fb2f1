using Idflow.Documents.Stores.FileSystem;

namespace Idflow.Documents.Stores;

/// <summary>Opens a store by the name that the configuration gives (<c>document_implementation</c>).</summary>
public static class DocumentStores
{
    /// <summary>Markdown files in folders; the default.</summary>
    public const string FileSystemMarkdown = "fs_markdown";

    /// <summary>Kept in memory and gone with the process.</summary>
    public const string Memory = "memory";

    /// <summary>The names that <see cref="Open"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [FileSystemMarkdown, Memory];

    /// <exception cref="DocumentException">There is no store of that name.</exception>
    public static IDocumentStore Open(string implementation, DocumentStoreOptions options) => implementation switch
    {
        FileSystemMarkdown => new MarkdownDocumentStore(options),
        Memory => new MemoryDocumentStore(options),
        _ => throw new DocumentException(
            $"document_implementation '{implementation}' is not known; known are {string.Join(", ", Names)}."
            + (NearestName.Of(implementation, Names) is { } near ? $" Did you mean '{near}'?" : "")),
    };
}
