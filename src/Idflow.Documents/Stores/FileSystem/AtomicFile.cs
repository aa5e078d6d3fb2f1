namespace Idflow.Documents.Stores.FileSystem;

/// <summary>
/// Writes whole files so that a crash at any instant leaves the old or the new one, and a power failure after it the new one: a temporary
/// file in the same folder, flushed to disk, renamed over the target, and the folder flushed. Writers of one file exclude each other by the document's lock, so the temporary name is fixed
/// and what a crash left is overwritten.
/// </summary>
internal static class AtomicFile
{
    /// <summary>The name of the temporary file of a file; it begins with a dot, which no document, stage or result does.</summary>
    public static string PendingPath(string path) => Path.Combine(Path.GetDirectoryName(path)!, Leftover.NameOfNext(Path.GetFileName(path)));

    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var pending = PendingPath(path);
        await WritePendingAsync(path, content, cancellationToken);
        try
        {
            File.Move(pending, path, overwrite: true);
        }
        catch
        {
            TryDelete(pending);
            throw;
        }

        FolderFlush.ToDisk(Path.GetDirectoryName(path)!);
    }

    /// <summary>Writes the temporary file only; the caller renames it.</summary>
    public static async Task WritePendingAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var pending = PendingPath(path);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        try
        {
            if (!OperatingSystem.IsWindows() && File.Exists(path))
            {
                options.UnixCreateMode = File.GetUnixFileMode(path);
            }

            await using var stream = new FileStream(pending, options);
            await stream.WriteAsync(content, cancellationToken);
            stream.Flush(flushToDisk: true);
        }
        catch
        {
            TryDelete(pending);
            throw;
        }
    }

    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            // What remains is a dot file that the next write replaces.
        }
    }
}
