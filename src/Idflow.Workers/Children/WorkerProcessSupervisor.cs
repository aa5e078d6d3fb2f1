using System.Collections.Concurrent;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Workers.Sources;
using Idflow.Workers.Supervision;
using Idflow.Workers.Telemetry;
using Microsoft.Extensions.Logging;

namespace Idflow.Workers.Children;

/// <summary>
/// Keeps one child worker process alive for one task source. When it dies its tasks go back to their queues at once, and it is
/// started again after growing waits. A task that was running in several processes that died is reported as failed, so that it
/// cannot bring its worker down for ever.
/// </summary>
internal sealed class WorkerProcessSupervisor(BuiltTaskSource source, string serverUrl, ITaskClient client, WorkerProcessOptions options, Func<int> nextNumber)
{
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, int> _deaths = new();
    private volatile WorkerProcess? _current;
    private volatile string? _workerId;
    private volatile string? _problem;
    private volatile WorkerProcessState _state = WorkerProcessState.Starting;
    private int _restarts;

    public WorkerProcessStatus Status
    {
        get
        {
            var process = _current;
            var state = _state == WorkerProcessState.Starting && process is { IsReady: true } ? WorkerProcessState.Serving : _state;
            return new(source.Source.Name, [.. source.Definitions.Select(d => d.Name!)], state, process?.Id, process is null ? null : _workerId, process?.Running.Count ?? 0, Volatile.Read(ref _restarts), _problem);
        }
    }

    /// <summary>Returns after <paramref name="stop"/>, or when the source cannot be served.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), options.LongestBackoff);
        while (!stop.IsCancellationRequested)
        {
            _state = WorkerProcessState.Starting;
            var started = options.TimeProvider.GetTimestamp();
            var refused = await RunOnceAsync(stop);
            if (stop.IsCancellationRequested)
            {
                break;
            }

            if (refused)
            {
                _state = WorkerProcessState.Refused;
                options.Logger.LogError("The tasks of {Source} cannot be served: {Reason}", source.Source.Path, _problem);
                return;
            }

            if (options.TimeProvider.GetElapsedTime(started) > Healthy)
            {
                backoff.Reset();
            }

            _state = WorkerProcessState.Waiting;
            Interlocked.Increment(ref _restarts);
            WorkerMetrics.Restarts.Count(source.Source.Name);
            await Task.Delay(backoff.Next(), options.TimeProvider, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _state = WorkerProcessState.Stopped;
    }

    /// <summary>Ends the process that runs now, if one does.</summary>
    public void Kill(string reason) => _current?.Kill(reason);

    /// <returns>True when the process says that it cannot serve.</returns>
    private async Task<bool> RunOnceAsync(CancellationToken stop)
    {
        var prefix = $"{options.WorkerIdPrefix}:{nextNumber()}:";
        _workerId = prefix + source.Source.Name;
        WorkerProcess process;
        try
        {
            process = WorkerProcess.Start(source.Source.Name, Spec(_workerId), options);
        }
        catch (WorkerException e)
        {
            _problem = e.Message;
            options.Logger.LogError("{Reason}", e.Message);
            return false;
        }

        using (process)
        {
            _current = process;
            using var onStop = stop.Register(process.Stop);
            var reason = await process.ExitAsync();
            _current = null;
            _problem = stop.IsCancellationRequested ? null : reason;
            if (!stop.IsCancellationRequested && process.Refusal is null)
            {
                options.Logger.LogWarning("The worker process of {Source} ended and is replaced. {Reason}", source.Source.Name, reason);
                options.Observer?.ProcessDied(source.Source.Name, reason);
                await FailRepeatedAsync(process.Running, reason);
            }

            await ReleaseAsync(prefix);
            return process.Refusal is not null;
        }
    }

    private ChildWorkerSpec Spec(string workerId) => new()
    {
        ServerUrl = serverUrl,
        WorkerId = workerId,
        Assemblies = [source.AssemblyPath],
        LongPollMs = (int)options.LongPoll.TotalMilliseconds,
        DrainTimeoutMs = (int)options.DrainTimeout.TotalMilliseconds,
        AliveEveryMs = (int)Math.Clamp(options.LivenessLimit.TotalMilliseconds / 5, 50, 5_000),
        PollIntervalMs = options.PollInterval is { } interval ? Math.Max(1, (int)interval.TotalMilliseconds) : null,
        Tasks = source.Definitions.Where(d => options.Tasks.ContainsKey(d.Name!)).ToDictionary(d => d.Name!, d => options.Tasks[d.Name!]),
    };

    private async Task FailRepeatedAsync(IReadOnlyCollection<ChildEvent> running, string reason)
    {
        foreach (var task in running)
        {
            var deaths = _deaths.AddOrUpdate(task.TaskId!, 1, static (_, n) => n + 1);
            if (deaths >= options.DeathsPerTask)
            {
                _deaths.TryRemove(task.TaskId!, out _);
                await TryAsync(() => client.UpdateTaskAsync(new TaskResult
                {
                    TaskId = task.TaskId,
                    WorkflowInstanceId = task.WorkflowId,
                    WorkerId = _workerId,
                    Status = TaskResultStatus.FAILED,
                    ReasonForIncompletion = $"The worker process died {deaths} times while it ran this task ({source.Source.Path}). {reason}",
                }));
            }
        }
    }

    private Task ReleaseAsync(string prefix) => options.ReleaseTasks is { } release ? TryAsync(() => release(prefix, CancellationToken.None)) : Task.CompletedTask;

    /// <summary>A server that is away gets the tasks back by their response timeout instead.</summary>
    private async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (e is ConductorException or HttpRequestException or IOException or OperationCanceledException)
        {
            options.Logger.LogWarning("The tasks of a dead worker process could not be given back: {Reason}", e.Message);
        }
    }
}
