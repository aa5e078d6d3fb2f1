using System.Buffers;
using System.Security.Cryptography;
using Idflow.Documents.Query;

namespace Idflow.Documents.Stores.FileSystem;

/// <summary>Files beside <c>doc.md</c>, named by their uuid, copied as a stream.</summary>
internal sealed partial class MarkdownDocumentStore
{
    private const int CopyBuffer = 128 << 10;

    public override Task<Stream> OpenFileAsync(string id, string fileUuid, CancellationToken cancellationToken = default)
    {
        SafeName.CheckFile(fileUuid);
        var path = Path.Combine(Find(id).Path, fileUuid);
        _folders.CheckInside(path);
        if (!File.Exists(path))
        {
            throw new DocumentNotFoundException($"The document '{id}' has no file '{fileUuid}' ({_folders.NameOf(path)} is missing).");
        }

        return Guarded<Stream>($"The file '{fileUuid}' of the document '{id}' cannot be read", () =>
            Task.FromResult<Stream>(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, CopyBuffer, FileOptions.Asynchronous)));
    }

    protected override Task StageFileAsync(string id, string uuid, Stream content, CancellationToken cancellationToken)
    {
        var path = StagedPath(Find(id), uuid);
        return Guarded($"The file cannot be copied into the document '{id}'", async () =>
        {
            try
            {
                var copied = await CopyAsync(content, path, cancellationToken);
                var (stored, length) = await HashAsync(path, cancellationToken);
                if (!stored.AsSpan().SequenceEqual(copied.Hash) || length != copied.Length)
                {
                    throw new DocumentException($"The file was copied into the document '{id}' but reads back differently; the disk may be damaged. Nothing was added.");
                }

                return true;
            }
            catch
            {
                AtomicFile.TryDelete(path);
                throw;
            }
        });
    }

    protected override Task DropStagedFileAsync(string id, string uuid)
    {
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

    private static string StagedPath(DocumentFolder folder, string uuid) => Path.Combine(folder.Path, $".{uuid}.part");

    private static async Task<(byte[] Hash, long Length)> CopyAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        var length = await PumpAsync(content, hash, target, cancellationToken);
        target.Flush(flushToDisk: true);
        return (hash.GetHashAndReset(), length);
    }

    private static async Task<(byte[] Hash, long Length)> HashAsync(string path, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var stored = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        var length = await PumpAsync(stored, hash, Stream.Null, cancellationToken);
        return (hash.GetHashAndReset(), length);
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
