using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Idflow.Documents.Query;

namespace Idflow.Documents.Stores.FileSystem;

/// <summary>Files beside <c>doc.md</c>, named by their uuid, copied as a stream.</summary>
internal sealed partial class MarkdownDocumentStore
{
    private const int CopyBuffer = 128 << 10;

    /// <summary>Files that were copied and are not yet files of their document: held open, so that nobody takes them for leftovers.</summary>
    private readonly ConcurrentDictionary<string, FileStream> _staged = new(StringComparer.Ordinal);

    public override Task<Stream> OpenFileAsync(string id, string fileUuid, CancellationToken cancellationToken = default)
    {
        SafeName.CheckFile(fileUuid);
        return StableAsync(
            id,
            folder =>
            {
                var path = Path.Combine(folder.Path, fileUuid);
                _folders.CheckInside(path);
                return File.Exists(path)
                    ? Guarded<Stream>($"The file '{fileUuid}' of the document '{id}' cannot be read", () =>
                        Task.FromResult<Stream>(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, CopyBuffer, FileOptions.Asynchronous)))
                    : throw new DocumentNotFoundException($"The document '{id}' has no file '{fileUuid}' ({_folders.NameOf(path)} is missing).");
            },
            cancellationToken);
    }

    protected override Task StageFileAsync(string id, string uuid, Stream content, CancellationToken cancellationToken) =>
        Guarded($"The file cannot be copied into the document '{id}'", async () =>
        {
            try
            {
                var target = _staged[uuid] = await CreateStagedAsync(id, uuid, cancellationToken);
                await CopyAsync(content, target, id, cancellationToken);
                return true;
            }
            catch
            {
                await DropStagedFileAsync(id, uuid);
                throw;
            }
        });

    protected override Task DropStagedFileAsync(string id, string uuid)
    {
        ReleaseStaged(uuid);

        // The folder may have moved meanwhile, and the file may have its final name already.
        foreach (var status in Enum.GetValues<Model.DocumentStatus>())
        {
            var folder = new DocumentFolder(id, status, _folders.PathOf(status, id));
            if (Directory.Exists(folder.Path))
            {
                AtomicFile.TryDelete(StagedPath(folder, uuid));
                AtomicFile.TryDelete(Path.Combine(folder.Path, uuid));
            }
        }

        return Task.CompletedTask;
    }

    private static string StagedPath(DocumentFolder folder, string uuid) => Path.Combine(folder.Path, Leftover.NameOfPart(uuid));

    /// <summary>The open file: when the document moves while the bytes come, it moves along.</summary>
    private async Task<FileStream> CreateStagedAsync(string id, string uuid, CancellationToken cancellationToken)
    {
        using var held = await _locks.AcquireAsync(id, cancellationToken);
        return new FileStream(StagedPath(Find(id), uuid), FileMode.CreateNew, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
    }

    /// <summary>Gives a copied file its name.</summary>
    private void TakeStaged(DocumentFolder folder, string uuid)
    {
        File.Move(StagedPath(folder, uuid), Path.Combine(folder.Path, uuid));
        ReleaseStaged(uuid);
    }

    private void ReleaseStaged(string uuid)
    {
        if (_staged.TryRemove(uuid, out var file))
        {
            file.Dispose();
        }
    }

    private static async Task CopyAsync(Stream content, FileStream target, string id, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = await PumpAsync(content, hash, target, cancellationToken);
        target.Flush(flushToDisk: true);
        var copied = hash.GetHashAndReset();

        target.Position = 0;
        var stored = await PumpAsync(target, hash, Stream.Null, cancellationToken);
        if (stored != length || !hash.GetHashAndReset().AsSpan().SequenceEqual(copied))
        {
            throw new DocumentException($"The file was copied into the document '{id}' but reads back differently; the disk may be damaged. Nothing was added.");
        }
    }

    private static async Task<long> PumpAsync(Stream source, IncrementalHash hash, Stream target, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            var total = 0L;
            int read;
            while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer.AsSpan(0, read));
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                total += read;
            }

            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
