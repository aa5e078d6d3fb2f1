using System.Runtime.CompilerServices;

namespace Idflow.Cli.Commands;

/// <summary>Works on several documents at once: most of the time of a change is waiting for the disk, and waits together are hardly longer than one.</summary>
internal static class InBatches
{
    private const int AtOnce = 8;

    /// <returns>The results in the order of the items.</returns>
    public static async IAsyncEnumerable<TResult> RunAsync<T, TResult>(IEnumerable<T> items, Func<T, Task<TResult>> work, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var batch in items.Chunk(AtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var result in await Task.WhenAll(batch.Select(item => Task.Run(() => work(item), cancellationToken))).ConfigureAwait(false))
            {
                yield return result;
            }
        }
    }
}
