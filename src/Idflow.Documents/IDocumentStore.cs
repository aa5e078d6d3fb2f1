using Idflow.Documents.Model;

namespace Idflow.Documents;

/// <summary>
/// Documents with their files, stage runs and results. Every change is atomic and isolated between processes: two writers
/// of one document never lose a change. Unknown ids throw <see cref="DocumentNotFoundException"/>.
/// </summary>
public interface IDocumentStore : IAsyncDisposable
{
    /// <summary>Stores a new document; an empty id gets a new UUID.</summary>
    Task<Document> CreateAsync(Document document, CancellationToken cancellationToken = default);

    /// <summary>
    /// For storing many new documents: until the scope is disposed, each is whole or not there after a power failure, and only its end
    /// makes sure that all are there, which is faster. A crash of the process loses nothing. Null where it makes no difference.
    /// </summary>
    IDisposable? BeginBulk() => null;

    Task<Document> GetAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>The full id for an id or a unique prefix of at least 4 characters.</summary>
    /// <exception cref="DocumentNotFoundException">No document, or more than one, begins so.</exception>
    Task<string> ResolveIdAsync(string idOrPrefix, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies a change to the current document under its lock; the function may run again after a conflict and must be pure.
    /// A changed status moves the document. Only changed keys are rewritten; an unchanged document is not written.
    /// </summary>
    Task<Document> UpdateAsync(string id, Func<Document, Document> change, CancellationToken cancellationToken = default);

    Task DeleteAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Documents that match, in the order asked for; files that cannot be read are reported beside them.</summary>
    Task<DocumentQueryResult> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default);

    /// <summary>A stamp of each document that differs after every change, also one by hand, without reading documents that did not change.</summary>
    Task<DocumentStamps> GetStampsAsync(CancellationToken cancellationToken = default);

    /// <summary>Full text over bodies and results, best first.</summary>
    Task<IReadOnlyList<SearchHit>> SearchAsync(string words, int limit = 20, CancellationToken cancellationToken = default);

    /// <summary>Copies a stream into the document's folder, hash-checked, and appends its reference.</summary>
    Task<FileReference> AddFileAsync(string id, string key, string fileName, Stream content, PropertyMap? data = null, CancellationToken cancellationToken = default);

    Task<Stream> OpenFileAsync(string id, string fileUuid, CancellationToken cancellationToken = default);

    /// <summary>All runs of all stages, by name and counter.</summary>
    Task<IReadOnlyList<StageRun>> GetStageRunsAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Creates the next run of a stage exclusively: of several callers at once each gets its own counter.</summary>
    Task<StageRun> CreateStageRunAsync(string id, string stageName, Func<int, StageRun> create, CancellationToken cancellationToken = default);

    Task<StageRun> UpdateStageRunAsync(string id, string stageName, int counter, Func<StageRun, StageRun> change, CancellationToken cancellationToken = default);

    /// <summary>Stores or replaces a result of a run.</summary>
    Task WriteResultAsync(string id, string stageName, int counter, StageResult result, CancellationToken cancellationToken = default);

    /// <summary>Null when the run has no such result.</summary>
    Task<StageResult?> GetResultAsync(string id, string stageName, int counter, string name, CancellationToken cancellationToken = default);
}

/// <summary>Where documents are files that a person can open; only the Markdown store.</summary>
public interface IDocumentLocator
{
    /// <summary>The absolute path of the document's <c>doc.md</c>.</summary>
    Task<string> LocateAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>The same for a document of a listing, without looking whether it is still there.</summary>
    string PathOf(DocumentSummary document);
}

/// <summary>Called around changes of documents; an exception in a Before hook refuses the change, one in an After hook is logged.</summary>
public interface IDocumentHook
{
    Task BeforeCreateAsync(Document document, CancellationToken cancellationToken) => Task.CompletedTask;

    Task AfterCreateAsync(Document document, CancellationToken cancellationToken) => Task.CompletedTask;

    Task BeforeSaveAsync(Document before, Document after, CancellationToken cancellationToken) => Task.CompletedTask;

    Task AfterSaveAsync(Document before, Document after, CancellationToken cancellationToken) => Task.CompletedTask;

    Task BeforeDestroyAsync(Document document, CancellationToken cancellationToken) => Task.CompletedTask;

    Task AfterDestroyAsync(Document document, CancellationToken cancellationToken) => Task.CompletedTask;
}
