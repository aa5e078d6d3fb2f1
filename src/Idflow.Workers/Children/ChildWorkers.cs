using Idflow.Conductor;
using Idflow.Workers.Sources;

namespace Idflow.Workers.Children;

/// <summary>The child worker processes of a project: one for each task source, so that a crash in one takes no other down.</summary>
public sealed class ChildWorkers : IAsyncDisposable
{
    private readonly string _serverUrl;
    private readonly ITaskClient _client;
    private readonly WorkerProcessOptions _options;
    private readonly Lock _gate = new();
    private readonly List<Serving> _all = [];
    private bool _isStarted;
    private int _number;
    private Task? _stopped;

    /// <param name="sources">What to serve.</param>
    /// <param name="serverUrl">The Conductor API that the children poll, with its <c>/api</c>.</param>
    /// <param name="client">The same server, for reports about tasks whose process died.</param>
    /// <param name="options">How.</param>
    public ChildWorkers(IEnumerable<BuiltTaskSource> sources, string serverUrl, ITaskClient client, WorkerProcessOptions options)
    {
        ArgumentNullException.ThrowIfNull(sources);
        (_serverUrl, _client, _options) = (serverUrl, client, options);
        _all.AddRange(sources.Select(New));
    }

    public IReadOnlyList<WorkerProcessStatus> Status
    {
        get
        {
            lock (_gate)
            {
                return [.. _all.Where(serving => !serving.Stop.IsCancellationRequested || _stopped is not null).Select(serving => serving.Supervisor.Status)];
            }
        }
    }

    /// <summary>Starts the processes. Returns at once.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _isStarted = true;
            _all.ForEach(serving => serving.Start());
        }
    }

    /// <summary>
    /// Serves these sources from now on. A source whose library is the same goes on in its process; the process of one that changed or is gone
    /// takes no new task and ends when its running ones have, while a new process starts at once.
    /// </summary>
    /// <returns>The names of the sources that are new or changed.</returns>
    public IReadOnlyList<string> Replace(IEnumerable<BuiltTaskSource> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        lock (_gate)
        {
            if (_stopped is not null)
            {
                return [];
            }

            var wanted = sources.ToList();
            _all.RemoveAll(serving => serving.HasEnded);
            var kept = _all.Where(serving => !serving.Stop.IsCancellationRequested && wanted.Exists(source => source.AssemblyPath == serving.Source.AssemblyPath)).ToList();
            var changed = wanted.Where(source => !kept.Exists(serving => serving.Source.AssemblyPath == source.AssemblyPath)).ToList();
            _all.Except(kept).ToList().ForEach(serving => serving.Stop.Cancel());
            foreach (var serving in changed.Select(New).ToList())
            {
                _all.Add(serving);
                if (_isStarted)
                {
                    serving.Start();
                }
            }

            return [.. changed.Select(source => source.Source.Name)];
        }
    }

    /// <summary>Lets running tasks finish up to the drain timeout and ends the processes.</summary>
    /// <param name="hurry">Cancelled: end the processes now.</param>
    public Task StopAsync(CancellationToken hurry = default)
    {
        lock (_gate)
        {
            return _stopped ??= StopOnceAsync([.. _all], hurry);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _all.ForEach(serving => serving.Stop.Dispose());
    }

    private static async Task StopOnceAsync(List<Serving> all, CancellationToken hurry)
    {
        await Task.WhenAll(all.Select(serving => serving.Stop.CancelAsync()));
        using var onHurry = hurry.Register(() => all.ForEach(serving => serving.Supervisor.Kill("It was not waited for.")));
        await Task.WhenAll(all.Select(serving => serving.Run));
    }

    private Serving New(BuiltTaskSource source) => new(source, new WorkerProcessSupervisor(source, _serverUrl, _client, _options, () => Interlocked.Increment(ref _number)));

    private sealed class Serving(BuiltTaskSource source, WorkerProcessSupervisor supervisor)
    {
        private Task? _run;

        public BuiltTaskSource Source => source;

        public WorkerProcessSupervisor Supervisor => supervisor;

        public CancellationTokenSource Stop { get; } = new();

        public Task Run => _run ?? Task.CompletedTask;

        /// <summary>It was told to stop, and has.</summary>
        public bool HasEnded => Stop.IsCancellationRequested && Run.IsCompleted;

        public void Start() => _run ??= Task.Run(() => supervisor.RunAsync(Stop.Token));
    }
}
