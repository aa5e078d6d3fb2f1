using System.Threading.Channels;
using Idflow.Conductor;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace Idflow.Engine.Execution;

/// <summary>
/// Carries out what commits have put into the outbox. What one workflow has decided stays in order; different workflows
/// are carried out side by side. A row goes with the commit of its outcome; one that could not be carried out is tried again.
/// </summary>
internal sealed class OutboxDispatcher : IAsyncDisposable
{
    private const int Lanes = 4;
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)];

    private readonly Channel<OutboxRow>[] _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => Channel.CreateUnbounded<OutboxRow>(new UnboundedChannelOptions { SingleReader = true }))];
    private readonly Task[] _workers;
    private readonly Func<OutboxRow, Task> _handle;
    private readonly Func<OutboxRow, Task> _drop;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _closing = new();

    /// <param name="handle">Carries a row out and deletes it in the same commit.</param>
    /// <param name="drop">Deletes a row that cannot be carried out.</param>
    public OutboxDispatcher(Func<OutboxRow, Task> handle, Func<OutboxRow, Task> drop, TimeProvider time, ILogger log)
    {
        (_handle, _drop, _time, _log) = (handle, drop, time, log);
        _workers = [.. _lanes.Select(lane => Task.Run(() => RunAsync(lane.Reader)))];
    }

    public void Dispatch(OutboxRow row) => _lanes[(uint)row.WorkflowId.GetHashCode(StringComparison.Ordinal) % Lanes].Writer.TryWrite(row);

    private async Task RunAsync(ChannelReader<OutboxRow> lane)
    {
        await foreach (var row in lane.ReadAllAsync().ConfigureAwait(false))
        {
            for (var attempt = 0; !_closing.IsCancellationRequested && !await TryAsync(row).ConfigureAwait(false); attempt++)
            {
                await Task.Delay(Pauses[Math.Min(attempt, Pauses.Length - 1)], _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> TryAsync(OutboxRow row)
    {
        try
        {
            await _handle(row).ConfigureAwait(false);
            return true;
        }
        catch (ConductorException error) when (error.Retryable)
        {
            _log.LogWarning(error, "{Effect} of workflow {WorkflowId} is tried again", row.Kind, row.WorkflowId);
            return false;
        }
        catch (Exception error)
        {
            _log.LogError(error, "{Effect} of workflow {WorkflowId} cannot be carried out", row.Kind, row.WorkflowId);
            await _drop(row).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        Array.ForEach(_lanes, lane => lane.Writer.TryComplete());
        await Task.WhenAll(_workers).ConfigureAwait(false);
        _closing.Dispose();
    }
}
