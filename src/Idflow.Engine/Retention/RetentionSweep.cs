using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Execution;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Payloads;
using Idflow.Engine.Timers;
using Microsoft.Extensions.Logging;

namespace Idflow.Engine.Retention;

/// <summary>
/// Removes what is over and has been kept long enough (<see cref="EngineRetention"/>): now and then, in small steps, each a commit of its own.
/// A step that fails leaves the rest to the next sweep.
/// </summary>
internal sealed class RetentionSweep : IAsyncDisposable
{
    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(10);
    private static readonly TimerKey Key = new(TimerKind.Retention, "");

    private readonly EngineRetention _settings;
    private readonly EngineLimits _limits;
    private readonly IEngineStore _store;
    private readonly WorkflowRunner _runner;
    private readonly InstanceTable _instances;
    private readonly PayloadUploads _uploads;
    private readonly TimerHeap _timers;
    private readonly BackgroundWork _background;
    private readonly ILogger _log;
    private readonly WorkflowArchive? _archive;
    private readonly CancellationTokenSource _closing = new();
    private Task _running = Task.CompletedTask;

    public RetentionSweep(EngineOptions options, IEngineStore store, WorkflowRunner runner, InstanceTable instances, PayloadUploads uploads, TimerHeap timers, ILogger log)
    {
        (_settings, _limits, _store, _runner, _instances, _uploads, _timers, _background, _log) = (options.Retention, options.Limits, store, runner, instances, uploads, timers, options.Background, log);
        _archive = _settings.ArchiveDirectory is { } folder ? new WorkflowArchive(folder, options.TimeProvider) : null;
    }

    public void Start() => _timers.Set(Key, "", _runner.Now() + (long)FirstAfter.TotalMilliseconds);

    /// <summary>The time of a sweep has come; does not block.</summary>
    public void OnTimer() => _background.Run(() => _running = RunAsync());

    private async Task RunAsync()
    {
        try
        {
            await SweepAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The engine closes; the next one goes on.
            return;
        }
        catch (Exception error)
        {
            _log.LogError(error, "What is over could not be removed; it is tried again at the next sweep");
        }
        _timers.Set(Key, "", _runner.Now() + (long)_settings.Interval.TotalMilliseconds);
    }

    private async Task SweepAsync()
    {
        _uploads.Sweep(_limits.UploadLifetime);
        if (_settings.Workflows is { } lifetime)
        {
            await RemoveWorkflowsAsync(_runner.Now() - (long)lifetime.TotalMilliseconds).ConfigureAwait(false);
        }
        if (_settings.EventExecutions is { } recordsLifetime)
        {
            var until = _runner.Now() - (long)recordsLifetime.TotalMilliseconds;
            await RemoveAsync(() => _store.FindEventExecutions(until, _settings.Batch), changes => changes.DeletedEventExecutions).ConfigureAwait(false);
        }
        if (_settings.ScheduleExecutions is { } kept)
        {
            await RemoveAsync(() => _store.FindScheduleExecutionsBeyond(kept, _settings.Batch), changes => changes.DeletedScheduleExecutions).ConfigureAwait(false);
        }
        await RemoveAsync(() => _store.FindUnusedSnapshots(_settings.Batch), changes => changes.DeletedSnapshots).ConfigureAwait(false);
        _store.CollectPayloadFiles();
    }

    private async Task RemoveWorkflowsAsync(long until)
    {
        while (_store.FindEnded(until, _settings.Batch) is { Count: > 0 } ids)
        {
            _closing.Token.ThrowIfCancellationRequested();
            if (_archive is not null)
            {
                _archive.Write(ids.Select(_instances.Load).OfType<Decisions.WorkflowState>(), _store.ReadTaskLogs);
            }
            var removed = 0;
            foreach (var id in ids)
            {
                removed += await RemoveAsync(id, until).ConfigureAwait(false) ? 1 : 0;
            }
            _log.LogInformation("Removed {Count} workflows that ended before {Until}", removed, DateTimeOffset.FromUnixTimeMilliseconds(until));
            if (removed == 0)
            {
                return;
            }
        }
    }

    /// <returns>False for one that an operator has set going meanwhile, or removed.</returns>
    private async Task<bool> RemoveAsync(string workflowId, long until)
    {
        try
        {
            var removed = await _runner.ChangeAsync(workflowId, (state, unit) =>
            {
                if (!state.Row.Status.IsTerminal() || state.Row.EndTime > until)
                {
                    return false;
                }
                unit.Commit.DeletedWorkflows.Add(workflowId);
                return true;
            }).ConfigureAwait(false);
            if (removed)
            {
                _instances.Forget(workflowId);
            }
            return removed;
        }
        catch (ConductorException gone) when (gone.Status == 404)
        {
            return false;
        }
    }

    private async Task RemoveAsync<T>(Func<IReadOnlyList<T>> find, Func<StoreChanges, List<T>> list)
    {
        int found;
        do
        {
            _closing.Token.ThrowIfCancellationRequested();
            var keys = find();
            found = keys.Count;
            if (found > 0)
            {
                var changes = new StoreChanges();
                list(changes).AddRange(keys);
                await _runner.WriteAsync(changes).ConfigureAwait(false);
            }
        }
        while (found == _settings.Batch);
    }

    public async ValueTask DisposeAsync()
    {
        _closing.Cancel();
        await _running.ConfigureAwait(false);
        _closing.Dispose();
    }
}
