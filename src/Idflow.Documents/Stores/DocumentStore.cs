using Idflow.Documents.Model;
using Microsoft.Extensions.Logging;

namespace Idflow.Documents.Stores;

/// <summary>
/// What all stores share: checks of what comes in, hooks, prefixes of ids. A store adds how documents are kept. Contract tests run against
/// every one of them.
/// </summary>
internal abstract class DocumentStore : IDocumentStore
{
    private const int ShortestPrefix = 4;

    protected DocumentStore(DocumentStoreOptions options)
    {
        Options = options;
        Logger = options.LoggerFactory.CreateLogger(GetType());
    }

    protected DocumentStoreOptions Options { get; }

    protected ILogger Logger { get; }

    public async Task<Document> CreateAsync(Document document, CancellationToken cancellationToken = default)
    {
        var id = document.Id.Length == 0 ? Options.NewId().ToString() : document.Id;
        var prepared = DocumentRules.ForCreation(document with { Id = id });
        await Options.Hooks.BeforeAsync(hook => hook.BeforeCreateAsync(DocumentRules.AsRead(prepared), cancellationToken));
        var created = DocumentRules.AsRead(await StoreNewAsync(prepared, cancellationToken));
        await Options.Hooks.AfterAsync(created, hook => hook.AfterCreateAsync(created, cancellationToken), Logger);
        return created;
    }

    public virtual IDisposable? BeginBulk() => null;

    public abstract Task<DocumentStamps> GetStampsAsync(CancellationToken cancellationToken = default);

    public abstract Task<Document> GetAsync(string id, CancellationToken cancellationToken = default);

    public async Task<string> ResolveIdAsync(string idOrPrefix, CancellationToken cancellationToken = default)
    {
        SafeName.CheckId(idOrPrefix);
        if (await ExistsAsync(idOrPrefix, cancellationToken))
        {
            return idOrPrefix;
        }

        if (idOrPrefix.Length < ShortestPrefix)
        {
            throw new DocumentNotFoundException($"There is no document '{idOrPrefix}'; to shorten an id give at least {ShortestPrefix} of its characters.");
        }

        var found = (await IdsAsync(idOrPrefix, cancellationToken)).Distinct().Order(StringComparer.Ordinal).ToList();
        return found.Count switch
        {
            0 => throw new DocumentNotFoundException($"There is no document '{idOrPrefix}'."),
            1 => found[0],
            _ => throw new DocumentNotFoundException($"'{idOrPrefix}' is the beginning of {found.Count} ids ({string.Join(", ", found.Take(5))}{(found.Count > 5 ? ", .." : "")}); give more of it."),
        };
    }

    public Task<Document> UpdateAsync(string id, Func<Document, Document> change, CancellationToken cancellationToken = default) =>
        SaveAsync(id, change, stagedFile: null, cancellationToken);

    public async Task DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        SafeName.CheckId(id);
        var deleted = await RemoveAsync(id, document => Options.Hooks.BeforeAsync(hook => hook.BeforeDestroyAsync(document, cancellationToken)), cancellationToken);
        await Options.Hooks.AfterAsync(deleted, hook => hook.AfterDestroyAsync(deleted, cancellationToken), Logger);
    }

    public abstract Task<DocumentQueryResult> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default);

    public abstract Task<IReadOnlyList<SearchHit>> SearchAsync(string words, int limit = 20, CancellationToken cancellationToken = default);

    public async Task<FileReference> AddFileAsync(string id, string key, string fileName, Stream content, PropertyMap? data = null, CancellationToken cancellationToken = default)
    {
        SafeName.CheckId(id);
        var baseName = fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        if (key.Trim().Length == 0 || baseName.Length == 0)
        {
            throw new DocumentException("A file needs a key and a file name.");
        }

        var reference = new FileReference(key.Trim(), baseName, Options.NewId().ToString(), PropertyValue.NormalizeToWrite(data ?? PropertyMap.Empty));
        await StageFileAsync(id, reference.Uuid, content, cancellationToken);
        try
        {
            await SaveAsync(id, document => document with { FileReferences = [.. document.FileReferences, reference] }, reference.Uuid, cancellationToken);
        }
        catch
        {
            await DropStagedFileAsync(id, reference.Uuid);
            throw;
        }

        return reference with { Data = PropertyValue.Normalize(reference.Data) };
    }

    public abstract Task<Stream> OpenFileAsync(string id, string fileUuid, CancellationToken cancellationToken = default);

    public abstract Task<IReadOnlyList<StageRun>> GetStageRunsAsync(string id, CancellationToken cancellationToken = default);

    public abstract Task<StageRun> CreateStageRunAsync(string id, string stageName, Func<int, StageRun> create, CancellationToken cancellationToken = default);

    public abstract Task<StageRun> UpdateStageRunAsync(string id, string stageName, int counter, Func<StageRun, StageRun> change, CancellationToken cancellationToken = default);

    public abstract Task WriteResultAsync(string id, string stageName, int counter, StageResult result, CancellationToken cancellationToken = default);

    public abstract Task<StageResult?> GetResultAsync(string id, string stageName, int counter, string name, CancellationToken cancellationToken = default);

    public abstract ValueTask DisposeAsync();

    /// <summary>Stores a document that is new; one with the same id is an error.</summary>
    protected abstract Task<Document> StoreNewAsync(Document document, CancellationToken cancellationToken);

    /// <summary>Under the document's lock: reads, changes, stores. A staged file becomes a file of the document in the same step.</summary>
    protected abstract Task<(Document Before, Document After)> ChangeAsync(string id, Func<Document, Task<Document>> change, string? stagedFile, CancellationToken cancellationToken);

    /// <summary>Under the document's lock: deletes it. Returns what it was.</summary>
    protected abstract Task<Document> RemoveAsync(string id, Func<Document, Task> before, CancellationToken cancellationToken);

    protected abstract Task<bool> ExistsAsync(string id, CancellationToken cancellationToken);

    /// <summary>Ids that begin so.</summary>
    protected abstract Task<IEnumerable<string>> IdsAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Copies a stream to where a later change can make it a file of the document.</summary>
    protected abstract Task StageFileAsync(string id, string uuid, Stream content, CancellationToken cancellationToken);

    /// <summary>Takes back what <see cref="StageFileAsync"/> copied; does not fail.</summary>
    protected abstract Task DropStagedFileAsync(string id, string uuid);

    protected static DocumentNotFoundException NoDocument(string id) => new($"There is no document '{id}'.");

    protected static DocumentNotFoundException NoRun(string id, string stageName, int counter) =>
        new($"The document '{id}' has no run {counter} of the stage '{stageName}'.");

    private async Task<Document> SaveAsync(string id, Func<Document, Document> change, string? stagedFile, CancellationToken cancellationToken)
    {
        SafeName.CheckId(id);
        var (before, written) = await ChangeAsync(id, ChangeWithHooksAsync, stagedFile, cancellationToken);
        var after = DocumentRules.AsRead(written);
        if (before.Revision != after.Revision)
        {
            await Options.Hooks.AfterAsync(after, hook => hook.AfterSaveAsync(before, after, cancellationToken), Logger);
        }

        return after;

        async Task<Document> ChangeWithHooksAsync(Document current)
        {
            var changed = DocumentRules.ForChange(current, change(current));
            if (!DocumentRules.Same(current, changed))
            {
                await Options.Hooks.BeforeAsync(hook => hook.BeforeSaveAsync(current, DocumentRules.AsRead(changed), cancellationToken));
            }

            return changed;
        }
    }
}
