using System.Collections.Concurrent;
using Idflow.Conductor;
using Idflow.Engine.Operations;
using Idflow.Engine.State;
using Microsoft.Extensions.Logging;

namespace Idflow.Engine.Execution;

/// <summary>What could not be written is not so: its workflows are read again, and go on from what is on disk. Disposal stops it; the next opening carries them on.</summary>
internal sealed class LostCommits : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CommitCarrier _carrier;
    private readonly WorkflowRunner _runner;
    private readonly TimeProvider _time;
    private readonly BackgroundWork _background;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;

    public LostCommits(CommitCarrier carrier, WorkflowRunner runner, TimeProvider time, BackgroundWork background, ILogger log)
    {
        (_carrier, _runner, _time, _background, _log) = (carrier, runner, time, background, log);
        _closed = _closing.Token;
    }

    /// <summary>Tasks, by workflow, that workers held who died with the last engine, as they were, until they are back in their queues on disk.</summary>
    public ConcurrentDictionary<string, List<TaskRow>> HeldByTheDead { get; } = new();

    /// <summary>Takes a commit that failed. Does not block.</summary>
    public void Take(Commit commit)
    {
        foreach (var id in commit.Instances.Select(instance => instance.Id))
        {
            _background.Run(() => _ = GoOnFromDiskAsync(id));
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private async Task GoOnFromDiskAsync(string workflowId)
    {
        for (var isCarried = HeldByTheDead.ContainsKey(workflowId); !_closed.IsCancellationRequested;)
        {
            try
            {
                if (!isCarried && !_carrier.CarryWorkflow(workflowId))
                {
                    return;
                }
                isCarried = true;
                await _background.PauseAsync(Pause, _time, _closed).ConfigureAwait(false);
                if (_closed.IsCancellationRequested)
                {
                    return;
                }
                await _runner.ChangeAsync(workflowId, (state, unit) =>
                {
                    HeldByTheDead.GetValueOrDefault(workflowId)?.ForEach(held => TaskHandOut.ReleaseUnlessTaken(state, unit, held));
                    unit.Decide(state);
                }).ConfigureAwait(false);
                HeldByTheDead.TryRemove(workflowId, out _);
                return;
            }
            catch (Exception error) when (error is ConductorException or OperationCanceledException)
            {
                // It is gone, or could not be written, and then it comes here again.
                return;
            }
            catch (Exception error)
            {
                _log.LogError(error, "Workflow {WorkflowId} could not be read again", workflowId);
                await _background.PauseAsync(Pause, _time, _closed).ConfigureAwait(false);
            }
        }
    }
}
