using Microsoft.Extensions.Logging;

namespace Idflow.Documents.Stores.FileSystem;

/// <summary>What a crash left is taken away by the next process that looks at the tree.</summary>
internal sealed partial class MarkdownDocumentStore
{
    /// <summary>
    /// Takes away what a crash left, now that the look at the tree has seen it. Under the document's lock nobody else can need it; where the
    /// lock is not free, somebody lives who may, and a later look comes by again. The text of a move that was cut short is no leftover but the document.
    /// </summary>
    private async Task CollectAsync(IEnumerable<Leftover> leftovers)
    {
        foreach (var leftover in leftovers)
        {
            using var held = _locks.TryAcquire(leftover.Id);
            if (held is not null && !await IsNeededAsync(leftover))
            {
                try
                {
                    Delete(leftover);
                }
                catch (Exception error) when (FileErrors.IsFileError(error))
                {
                    Logger.LogDebug("{Path}, which a crash left, cannot be deleted: {Reason}", leftover.Path, error.Message);
                }
            }
        }
    }

    private async Task<bool> IsNeededAsync(Leftover leftover)
    {
        try
        {
            return leftover.IsNextDocument && _folders.Find(leftover.Id) is { } folder && (await ReadAsync(folder, CancellationToken.None)).IsPending;
        }
        catch (Exception error) when (error is DocumentException || FileErrors.IsFileError(error))
        {
            return true;
        }
    }

    /// <summary>Opening a file that is still being copied fails.</summary>
    private static void Delete(Leftover leftover)
    {
        if (Directory.Exists(leftover.Path))
        {
            Directory.Delete(leftover.Path, recursive: true);
        }
        else if (File.Exists(leftover.Path))
        {
            using (new FileStream(leftover.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
            }

            File.Delete(leftover.Path);
        }
    }
}
