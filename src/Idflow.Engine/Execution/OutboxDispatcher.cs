using Idflow.Conductor;
using Idflow.Engine.State;
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

    private readonly Lane[] _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new Lane())];
    private readonly Func<OutboxRow, Task> _handle;
    private readonly Func<OutboxRow, Task> _drop;
    private readonly TimeProvider _time;
    private readonly BackgroundWork _background;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _closing = new();

    /// <param name="handle">Carries a row out and deletes it in the same commit.</param>
    /// <param name="drop">Deletes a row that cannot be carried out.</param>
    public OutboxDispatcher(Func<OutboxRow, Task> handle, Func<OutboxRow, Task> drop, TimeProvider time, BackgroundWork background, ILogger log) =>
        (_handle, _drop, _time, _background, _log) = (handle, drop, time, background, log);

    public void Dispatch(OutboxRow row)
    {
        var lane = _lanes[LaneOf(row.WorkflowId)];
        lock (lane)
        {
            lane.Waiting.Enqueue(row);
            if (lane.IsBusy)
            {
                return;
            }
            lane.IsBusy = true;
        }
        _background.Run(() => lane.Work = RunAsync(lane));
    }

    private async Task RunAsync(Lane lane)
    {
        while (Next(lane) is { } row)
        {
            for (var attempt = 0; !_closing.IsCancellationRequested && !await TryAsync(row).ConfigureAwait(false); attempt++)
            {
                await _background.PauseAsync(Pauses[Math.Min(attempt, Pauses.Length - 1)], _time, _closing.Token).ConfigureAwait(false);
            }
        }
    }

    private OutboxRow? Next(Lane lane)
    {
        lock (lane)
        {
            lane.IsBusy = !_closing.IsCancellationRequested && lane.Waiting.Count > 0;
            return lane.IsBusy ? lane.Waiting.Dequeue() : null;
        }
    }

    /// <summary>The same in every process.</summary>
    private static int LaneOf(string workflowId) => workflowId.Length == 0 ? 0 : workflowId[^1] % Lanes;

    private async Task<bool> TryAsync(OutboxRow row)
    {
        try
        {
            await _handle(row).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is ConductorException { Retryable: true } || StoreFault.IsPassing(error))
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
        _closing.Cancel();
        await Task.WhenAll(_lanes.Select(lane => lane.Work)).ConfigureAwait(false);
        _closing.Dispose();
    }

    private sealed class Lane
    {
        public Queue<OutboxRow> Waiting { get; } = new();

        public bool IsBusy { get; set; }

        public Task Work { get; set; } = Task.CompletedTask;
    }
}
