using Idflow.Conductor;
using Idflow.Workers.Discovery;
using Idflow.Workers.Supervision;

namespace Idflow.Workers.Polling;

/// <summary>
/// Serves the tasks of a registry: one poll loop per task type, each supervised. Results are kept until the server acknowledges
/// them, leases of long tasks are extended, and a stop lets running tasks finish and gives the others back.
/// </summary>
public sealed class WorkerHost : IAsyncDisposable
{
    private readonly WorkerHostOptions _options;
    private readonly HostLifetime _lifetime = new();
    private readonly List<(PollLoop Loop, LoopSupervisor Supervisor)> _loops = [];
    private Task? _all;
    private Task? _stop;

    /// <param name="client">The server: in process or over REST.</param>
    /// <param name="registry">What to serve.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="WorkerException">A setting is out of its range.</exception>
    public WorkerHost(ITaskClient client, WorkerRegistry registry, WorkerHostOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(registry);
        _options = options ?? new WorkerHostOptions();
        OptionsCheck.Check(_options);
        var sender = new ResultSender(client, _options);
        foreach (var task in registry.Tasks)
        {
            _loops.Add((new PollLoop(client, task, _options, sender, _lifetime), new LoopSupervisor(task.Name, _options)));
        }
    }

    /// <summary>Tasks that run now.</summary>
    public int Running => _loops.Sum(l => l.Loop.Running);

    public IReadOnlyList<WorkerLoopStatus> Status => [.. _loops.Select(l => l.Loop.Status(l.Supervisor.Restarts))];

    /// <summary>Starts polling. Returns at once.</summary>
    public void Start() => _all ??= Task.WhenAll(_loops.Select(l => l.Supervisor.RunAsync(l.Loop.RunAsync, _lifetime.Draining)));

    /// <summary>Polls until <paramref name="cancellationToken"/> is cancelled, then stops as <see cref="StopAsync"/> does.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Start();
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopAsync(CancellationToken.None);
    }

    /// <summary>Takes no more tasks of that type until <see cref="Resume"/>; running ones finish.</summary>
    public void Pause(string taskType) => Set(taskType, paused: true);

    public void Resume(string taskType) => Set(taskType, paused: false);

    /// <summary>
    /// Takes no new tasks, waits for running ones up to the drain timeout, then cancels them and gives them back to the server.
    /// A second call waits for the first.
    /// </summary>
    /// <param name="hurry">Cancelled: do not wait for running tasks any longer.</param>
    public Task StopAsync(CancellationToken hurry = default) => _stop ??= StopOnceAsync(hurry);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var (loop, _) in _loops)
        {
            loop.Dispose();
        }

        _lifetime.Dispose();
    }

    private async Task StopOnceAsync(CancellationToken hurry)
    {
        await _lifetime.DrainAsync();
        await (_all ?? Task.CompletedTask);
        await IdleAsync(_options.DrainTimeout, hurry);
        await _lifetime.CancelTasksAsync();
        await IdleAsync(_options.CancelGrace + TimeSpan.FromSeconds(2), CancellationToken.None);
        await _lifetime.GiveUpAsync();
        await IdleAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
    }

    private async Task IdleAsync(TimeSpan limit, CancellationToken hurry)
    {
        var started = _options.TimeProvider.GetTimestamp();
        while (Running > 0 && !hurry.IsCancellationRequested && _options.TimeProvider.GetElapsedTime(started) < limit)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), _options.TimeProvider, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Set(string taskType, bool paused)
    {
        foreach (var (loop, _) in _loops.Where(l => l.Loop.Task.Name == taskType))
        {
            loop.Paused = paused;
        }
    }
}
