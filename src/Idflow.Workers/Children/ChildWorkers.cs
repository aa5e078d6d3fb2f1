using Idflow.Conductor;
using Idflow.Workers.Sources;

namespace Idflow.Workers.Children;

/// <summary>The child worker processes of a project: one for each task source, so that a crash in one takes no other down.</summary>
public sealed class ChildWorkers : IAsyncDisposable
{
    private readonly List<WorkerProcessSupervisor> _supervisors;
    private readonly CancellationTokenSource _stop = new();
    private int _number;
    private Task? _all;
    private Task? _stopped;

    /// <param name="sources">What to serve.</param>
    /// <param name="serverUrl">The Conductor API that the children poll, with its <c>/api</c>.</param>
    /// <param name="client">The same server, for reports about tasks whose process died.</param>
    /// <param name="options">How.</param>
    public ChildWorkers(IEnumerable<BuiltTaskSource> sources, string serverUrl, ITaskClient client, WorkerProcessOptions options)
    {
        ArgumentNullException.ThrowIfNull(sources);
        _supervisors = [.. sources.Select(s => new WorkerProcessSupervisor(s, serverUrl, client, options, () => Interlocked.Increment(ref _number)))];
    }

    public IReadOnlyList<WorkerProcessStatus> Status => [.. _supervisors.Select(s => s.Status)];

    /// <summary>Starts the processes. Returns at once.</summary>
    public void Start() => _all ??= Task.WhenAll(_supervisors.Select(s => Task.Run(() => s.RunAsync(_stop.Token))));

    /// <summary>Lets running tasks finish up to the drain timeout and ends the processes.</summary>
    /// <param name="hurry">Cancelled: end the processes now.</param>
    public Task StopAsync(CancellationToken hurry = default) => _stopped ??= StopOnceAsync(hurry);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task StopOnceAsync(CancellationToken hurry)
    {
        await _stop.CancelAsync();
        using var onHurry = hurry.Register(() => _supervisors.ForEach(s => s.Kill("It was not waited for.")));
        await (_all ?? Task.CompletedTask);
    }
}
