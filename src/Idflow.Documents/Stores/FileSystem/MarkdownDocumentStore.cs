using System.Security.Cryptography;
using Idflow.Documents.Index;
using Idflow.Documents.Markdown;
using Idflow.Documents.Model;
using Idflow.Documents.Query;
using Microsoft.Extensions.Logging;

namespace Idflow.Documents.Stores.FileSystem;

/// <summary>
/// Documents as Markdown files. Changes of one document exclude each other, also between processes; a file is replaced whole by a rename.
/// A change of status renames the folder: that rename is the moment at which the change is made. The new <c>doc.md</c> is complete beside
/// the old one before it, and a reader that comes after a crash takes it from there.
/// </summary>
internal sealed partial class MarkdownDocumentStore : DocumentStore, IDocumentLocator
{
    private const long LargestDocument = 64 << 20;

    private readonly DocumentFolders _folders;
    private readonly DocumentLocks _locks;
    private readonly DocumentIndex _index;

    public MarkdownDocumentStore(DocumentStoreOptions options)
        : base(options)
    {
        _folders = new DocumentFolders(options.DataFolder, options.MessageFolder);
        var state = options.StateFolder ?? Path.Combine(Path.GetDirectoryName(_folders.Root) ?? _folders.Root, ".idflow");
        _locks = new DocumentLocks(Path.Combine(state, "locks"), options.LockTimeout);
        _index = new DocumentIndex(_folders.Root, Path.Combine(state, "cache"), options.Clock, Logger);
    }

    public override async Task<Document> GetAsync(string id, CancellationToken cancellationToken = default) =>
        (await StableAsync(id, folder => ReadAsync(folder, cancellationToken), cancellationToken)).Document;

    public Task<string> LocateAsync(string id, CancellationToken cancellationToken = default) => Task.FromResult(Find(id).DocumentPath);

    public string PathOf(DocumentSummary document) => new DocumentFolder(document.Id, document.Status, _folders.PathOf(document.Status, document.Id)).DocumentPath;

    public override ValueTask DisposeAsync()
    {
        _index.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task<Document> StoreNewAsync(Document document, CancellationToken cancellationToken)
    {
        var bytes = MarkdownText.Encode(DocumentWriter.Create(document));
        using var held = await _locks.AcquireAsync(document.Id, cancellationToken);
        if (_folders.Find(document.Id) is { } existing)
        {
            throw new DocumentExistsException($"There is a document '{document.Id}' already, in {_folders.NameOf(existing.Path)}.");
        }

        var folder = new DocumentFolder(document.Id, document.Status, _folders.PathOf(document.Status, document.Id));
        return await Guarded($"The document '{document.Id}' cannot be stored", async () =>
        {
            _folders.CheckInside(folder.Path);
            await StoreFolderAsync(folder, bytes, cancellationToken);
            return document with { Revision = RevisionOf(bytes) };
        });
    }

    protected override async Task<(Document Before, Document After)> ChangeAsync(string id, Func<Document, Task<Document>> change, string? stagedFile, CancellationToken cancellationToken)
    {
        using var held = await _locks.AcquireAsync(id, cancellationToken);
        _locks.Enter(held);
        var folder = Find(id);
        var (file, before, isPending) = await ReadAsync(folder, cancellationToken);
        var after = await change(before);
        var text = DocumentWriter.Edit(file, after, isChanged: !DocumentRules.Same(before, after));
        var bytes = MarkdownText.Encode(text);
        return await Guarded($"The document '{id}' cannot be written", async () =>
        {
            if (stagedFile is not null)
            {
                TakeStaged(folder, stagedFile);
            }

            if (after.Status != folder.Status)
            {
                await MoveAsync(folder, after.Status, bytes, cancellationToken);
            }
            else if (isPending || text != file.Source.Text)
            {
                await AtomicFile.WriteAsync(folder.DocumentPath, bytes, cancellationToken);
            }

            return (before, after with { Revision = RevisionOf(bytes) });
        });
    }

    protected override async Task<Document> RemoveAsync(string id, Func<Document, Task> before, CancellationToken cancellationToken)
    {
        using var held = await _locks.AcquireAsync(id, cancellationToken);
        _locks.Enter(held);
        var folder = Find(id);
        var document = await ReadOrOutlineAsync(folder, cancellationToken);
        await before(document);
        return await Guarded($"The document '{id}' cannot be deleted", () =>
        {
            DeleteFolder(folder);
            return Task.FromResult(document);
        });
    }

    protected override Task<bool> ExistsAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_folders.Find(id) is not null);

    protected override Task<IEnumerable<string>> IdsAsync(string prefix, CancellationToken cancellationToken) => Task.FromResult(_folders.IdsWithPrefix(prefix));

    private DocumentFolder Find(string id) => _folders.Find(id) ?? throw NoDocument(id);

    /// <summary>Reads without a lock; where another process moved the document meanwhile, reads again while nobody can.</summary>
    private async Task<T> StableAsync<T>(string id, Func<DocumentFolder, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            var folder = Find(id);
            var result = await read(folder);
            if (File.Exists(folder.DocumentPath))
            {
                return result;
            }
        }
        catch (Exception error) when (error is DocumentNotFoundException or FileNotFoundException or DirectoryNotFoundException)
        {
            // It may have been on its way from one folder to another.
        }

        using var held = await _locks.AcquireAsync(id, cancellationToken);
        return await read(Find(id));
    }

    /// <summary>Reads a document; its text is the pending one when a crash left a moved folder with it.</summary>
    private async Task<(DocumentFile File, Document Document, bool IsPending)> ReadAsync(DocumentFolder folder, CancellationToken cancellationToken)
    {
        var bytes = await ReadBytesAsync(folder.DocumentPath, cancellationToken);
        var file = DocumentFile.Parse(bytes, _folders.NameOf(folder.DocumentPath));
        var status = StatusNames.Of(folder.Status);
        var isPending = file.Status != status && IsPendingNewer(folder);
        if (isPending)
        {
            var pending = await ReadBytesAsync(AtomicFile.PendingPath(folder.DocumentPath), cancellationToken);
            var moved = DocumentFile.Parse(pending, _folders.NameOf(AtomicFile.PendingPath(folder.DocumentPath)));
            isPending = moved.Status == status;
            (file, bytes) = isPending ? (moved, pending) : (file, bytes);
        }

        return (file, DocumentOf(file, folder, bytes), isPending);
    }

    private static bool IsPendingNewer(DocumentFolder folder)
    {
        var pending = AtomicFile.PendingPath(folder.DocumentPath);
        return File.Exists(pending) && File.GetLastWriteTimeUtc(pending) >= File.GetLastWriteTimeUtc(folder.DocumentPath);
    }

    /// <summary>A broken document can still be deleted.</summary>
    private async Task<Document> ReadOrOutlineAsync(DocumentFolder folder, CancellationToken cancellationToken)
    {
        try
        {
            return (await ReadAsync(folder, cancellationToken)).Document;
        }
        catch (DocumentFormatException error)
        {
            Logger.LogWarning("Deleting a document that cannot be read: {Reason}", error.Message);
            return new Document { Id = folder.Id, Status = folder.Status };
        }
    }

    private static Document DocumentOf(DocumentFile file, DocumentFolder folder, byte[] bytes) => new()
    {
        Id = folder.Id,
        Status = folder.Status,
        Properties = file.Properties,
        Body = file.Body,
        DocumentReferences = file.DocumentReferences,
        FileReferences = file.FileReferences,
        Revision = RevisionOf(bytes),
    };

    private async Task<byte[]> ReadBytesAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestDocument } info)
            {
                throw new DocumentException($"{_folders.NameOf(path)} has {info.Length >> 20} MiB; a document may have {LargestDocument >> 20}. Store large content as a file of the document.");
            }

            return await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception error) when (FileErrors.IsFileError(error) && error is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw FileErrors.Explain(error, $"{_folders.NameOf(path)} cannot be read");
        }
    }

    private static async Task<T> Guarded<T>(string failure, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Explain(error, failure);
        }
    }

    private static string RevisionOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8));
}
