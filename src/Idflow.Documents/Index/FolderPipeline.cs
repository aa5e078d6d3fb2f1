using System.Threading.Channels;
using Idflow.Documents.Model;

namespace Idflow.Documents.Index;

/// <summary>Reads many folders on all cores, a bounded number ahead of whoever takes the results.</summary>
internal static class FolderPipeline
{
    private const int ReadAhead = 256;

    /// <summary>In no order; the folder is null where no document is left.</summary>
    public static IEnumerable<(DocumentStatus Status, string Id, IndexedFolder? Folder)> ReadAll(
        FolderReader reader, IReadOnlyList<(DocumentStatus Status, string Id)> folders, CancellationToken cancellationToken)
    {
        if (folders.Count < 8)
        {
            foreach (var (status, id) in folders)
            {
                yield return (status, id, reader.Read(status, id));
            }

            yield break;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<(DocumentStatus, string, IndexedFolder?)>(new BoundedChannelOptions(ReadAhead) { SingleReader = true });
        var reading = FillAsync(reader, folders, channel.Writer, stop.Token);
        try
        {
            while (channel.Reader.WaitToReadAsync(cancellationToken).AsTask().GetAwaiter().GetResult())
            {
                while (channel.Reader.TryRead(out var item))
                {
                    yield return item;
                }
            }
        }
        finally
        {
            stop.Cancel();
            reading.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).GetAwaiter().GetResult();
        }
    }

    /// <summary>Ends the channel with the error, if there is one.</summary>
    private static async Task FillAsync(
        FolderReader reader, IReadOnlyList<(DocumentStatus Status, string Id)> folders, ChannelWriter<(DocumentStatus, string, IndexedFolder?)> writer, CancellationToken stop)
    {
        try
        {
            var options = new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount };
            await Parallel.ForEachAsync(folders, options, async (folder, token) => await writer.WriteAsync((folder.Status, folder.Id, reader.Read(folder.Status, folder.Id)), token));
            writer.Complete();
        }
        catch (Exception error)
        {
            writer.Complete(error);
        }
    }
}
