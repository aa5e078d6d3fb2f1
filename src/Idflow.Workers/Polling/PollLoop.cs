using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Workers.Discovery;
using Idflow.Workers.Supervision;
using Idflow.Workers.Telemetry;
using Microsoft.Extensions.Logging;

namespace Idflow.Workers.Polling;

/// <summary>
/// Polls one task type for as many tasks as slots are free. A slot is free again the moment its own task is acknowledged, so
/// one long task never holds up the others.
/// </summary>
internal sealed class PollLoop : IDisposable
{
    /// <summary>A poll that is not answered so long after its time counts as an unreachable server.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PollEndGrace = TimeSpan.FromMilliseconds(250);
    private readonly ITaskClient _client;
    private readonly WorkerHostOptions _options;
    private readonly HostLifetime _lifetime;
    private readonly TaskSession _session;
    private readonly SemaphoreSlim _slots;
    private readonly TimeSpan _interval;
    private readonly string? _domain;
    private int _running;
    private volatile bool _paused;
    private volatile string? _problem;
    private long _lastPollTicks;

    public PollLoop(ITaskClient client, RegisteredTask task, WorkerHostOptions options, ResultSender sender, HostLifetime lifetime)
    {
        var settings = options.Tasks.GetValueOrDefault(task.Name) ?? new WorkerTaskSettings();
        _client = client;
        _options = options;
        _lifetime = lifetime;
        Task = task;
        Concurrency = settings.Concurrency ?? task.Attribute.Concurrency;
        _interval = settings.PollInterval ?? options.PollInterval ?? TimeSpan.FromMilliseconds(task.Attribute.PollIntervalMs);
        _domain = settings.Domain ?? task.Domain;
        _paused = settings.Paused;
        _slots = new SemaphoreSlim(Concurrency);
        _session = new TaskSession(client, options, sender, lifetime);
    }

    public RegisteredTask Task { get; }

    public int Concurrency { get; }

    public bool Paused { get => _paused; set => _paused = value; }

    public int Running => Volatile.Read(ref _running);

    public WorkerLoopStatus Status(int restarts)
    {
        var last = Interlocked.Read(ref _lastPollTicks);
        return new(Task.Name, Running, Concurrency, last == 0 ? null : new DateTimeOffset(last, TimeSpan.Zero), _paused, restarts, _problem);
    }

    /// <summary>Ends when the host drains.</summary>
    public async Task RunAsync()
    {
        var backoff = new Backoff(_interval, _options.LongestBackoff);
        while (!_lifetime.Draining.IsCancellationRequested)
        {
            if (_paused)
            {
                WorkerMetrics.Paused.Count(Task.Name);
                await DelayAsync(_interval);
                continue;
            }

            var count = await TakeSlotsAsync();
            if (count > 0)
            {
                await PollAsync(count, backoff);
            }
        }
    }

    public void Dispose() => _slots.Dispose();

    /// <summary>Waits for one free slot and takes all that are free then; 0 when the host drains.</summary>
    private async Task<int> TakeSlotsAsync()
    {
        if (_slots.CurrentCount == 0)
        {
            WorkerMetrics.QueueFull.Count(Task.Name);
        }

        try
        {
            await _slots.WaitAsync(_lifetime.Draining);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }

        var count = 1;
        while (_slots.Wait(0, CancellationToken.None))
        {
            count++;
        }

        return count;
    }

    private async Task PollAsync(int count, Backoff backoff)
    {
        var started = _options.TimeProvider.GetTimestamp();
        IReadOnlyList<TaskExecution> tasks = [];
        TimeSpan? wait = null;
        try
        {
            tasks = await AskAsync(count);
            Answered(started, backoff);
            wait = tasks.Count == 0 ? _interval - _options.TimeProvider.GetElapsedTime(started) : null;
        }
        catch (Exception e) when (e is ConductorException or HttpRequestException or IOException or TimeoutException or OperationCanceledException)
        {
            wait = Failed(e, started, backoff);
        }
        finally
        {
            if (count > tasks.Count)
            {
                _slots.Release(count - tasks.Count);
            }
        }

        foreach (var task in tasks)
        {
            _ = RunSlotAsync(task);
        }

        if (wait > TimeSpan.Zero)
        {
            await DelayAsync(wait.Value);
        }
    }

    private async Task<IReadOnlyList<TaskExecution>> AskAsync(int count)
    {
        WorkerMetrics.Polls.Count(Task.Name);
        using var cancel = new CancellationTokenSource();

        // A drain lets a short poll end by itself, so that a task already on its way is given back and not lost.
        using var onDrain = _lifetime.Draining.Register(() => cancel.CancelAfter(PollEndGrace));
        return await _client.PollTasksAsync(Task.Name, _options.WorkerId, _domain, count, _options.LongPoll, cancel.Token)
            .WaitAsync(_options.LongPoll + AnswerLimit, _options.TimeProvider, CancellationToken.None);
    }

    private void Answered(long started, Backoff backoff)
    {
        WorkerMetrics.PollTime.Record(Task.Name, _options.TimeProvider.GetElapsedTime(started), success: true);
        Interlocked.Exchange(ref _lastPollTicks, _options.TimeProvider.GetUtcNow().Ticks);
        backoff.Reset();
        if (_problem is not null)
        {
            _problem = null;
            _options.Logger.LogInformation("The server answers polls for {TaskType} again.", Task.Name);
            _options.Observer?.ServerState(null);
        }
    }

    private TimeSpan Failed(Exception e, long started, Backoff backoff)
    {
        if (_lifetime.Draining.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }

        WorkerMetrics.PollErrors.Count(Task.Name);
        WorkerMetrics.PollTime.Record(Task.Name, _options.TimeProvider.GetElapsedTime(started), success: false);
        if (_problem is null)
        {
            _options.Logger.LogWarning("Polling for {TaskType} failed and is tried again: {Reason}", Task.Name, e.Message);
            _options.Observer?.ServerState(e);
        }

        _problem = e.Message;
        return backoff.Next();
    }

    /// <summary>Runs tasks in one slot as long as the server answers a next one with each result.</summary>
    private async Task RunSlotAsync(TaskExecution first)
    {
        Interlocked.Increment(ref _running);
        WorkerMetrics.Active.Add(1, new KeyValuePair<string, object?>("taskType", Task.Name));
        try
        {
            for (var task = first; task is not null;)
            {
                task = await _session.RunAsync(Task, task, () => !_paused && !_lifetime.Draining.IsCancellationRequested);
            }
        }
        catch (OperationCanceledException) when (_lifetime.GiveUp.IsCancellationRequested)
        {
            _options.Logger.LogWarning("The worker stopped before the server took the result of a {TaskType} task; the task will run again.", Task.Name);
        }
#pragma warning disable CA1031 // A slot must survive whatever happens in it; the task comes back by its lease.
        catch (Exception e)
        {
            WorkerMetrics.Uncaught.Count(Task.Name);
            _options.Logger.LogError(e, "A slot of {TaskType} failed.", Task.Name);
        }
#pragma warning restore CA1031
        finally
        {
            WorkerMetrics.Active.Add(-1, new KeyValuePair<string, object?>("taskType", Task.Name));
            Interlocked.Decrement(ref _running);
            _slots.Release();
        }
    }

    private Task DelayAsync(TimeSpan wait) =>
        System.Threading.Tasks.Task.Delay(wait, _options.TimeProvider, _lifetime.Draining).ContinueWith(static _ => { }, TaskScheduler.Default);
}
