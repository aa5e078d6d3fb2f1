namespace Idflow.Documents.Model;

/// <summary>A Markdown document with typed properties. Immutable: change a copy and hand it to the store.</summary>
public sealed record Document
{
    /// <summary>Lower-case UUID; the name of the document's folder.</summary>
    public required string Id { get; init; }
    public DocumentStatus Status { get; init; } = DocumentStatus.Inbox;

    /// <summary>The front matter without <c>id</c>, <c>status</c> and the reference lists.</summary>
    public PropertyMap Properties { get; init; } = PropertyMap.Empty;
    public string Body { get; init; } = "";
    public IReadOnlyList<DocumentReference> DocumentReferences { get; init; } = [];
    public IReadOnlyList<FileReference> FileReferences { get; init; } = [];

    /// <summary>Changes with every stored change of the document; opaque.</summary>
    public string Revision { get; init; } = "";
}

/// <summary>Where a document stands; also the name (in lower case) of the folder that holds it.</summary>
public enum DocumentStatus { Inbox, Active, Done, Blocked, Archived }

/// <summary>A reference to another document under a key that need not be unique.</summary>
public sealed record DocumentReference(string Key, string Uuid, PropertyMap Data);

/// <summary>A file stored with the document: <paramref name="Uuid"/> names the stored bytes, <paramref name="FileName"/> is the name it came with.</summary>
public sealed record FileReference(string Key, string FileName, string Uuid, PropertyMap Data);
