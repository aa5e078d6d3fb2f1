using Idflow.Workers.Children;
using Idflow.Workers.Polling;
using Microsoft.Extensions.Logging;

namespace Idflow.Cli.Hosting;

/// <summary>The workers that this process runs: built-in tasks here, each of the project's own sources in a child process.</summary>
internal sealed class WorkerFleet : IAsyncDisposable
{
    /// <summary>The embedded engine answers a poll the moment a task is there, so a poll may stay open.</summary>
    private static readonly TimeSpan OwnLongPoll = TimeSpan.FromSeconds(2);

    private readonly WorkerHost _host;
    private readonly ChildWorkers _children;

    private readonly FleetOptions _options;
    private volatile IReadOnlySet<string> _served;

    public WorkerFleet(EngineAccess engine, ProjectTasks tasks, FleetOptions options)
    {
        _options = options;
        Prefix = options.Prefix;
        Tracker = new WorkTracker(options.TimeProvider, options.Happened);
        var longPoll = engine.Kind == EngineKind.Server ? TimeSpan.FromMilliseconds(100) : OwnLongPoll;
        _host = new WorkerHost(engine.Conductor, tasks.BuiltIn, new WorkerHostOptions
        {
            WorkerId = $"{Prefix}:0:host",
            LongPoll = longPoll,
            PollInterval = options.PollInterval,
            DrainTimeout = options.DrainTimeout,
            Tasks = options.Settings,
            Observer = Tracker,
            TimeProvider = options.TimeProvider,
            Logger = options.Logger,
        });
        var (file, arguments) = SelfProcess.Command();
        _children = new ChildWorkers(tasks.Own, engine.Url!, engine.Conductor, new WorkerProcessOptions
        {
            FileName = file,
            Arguments = [.. arguments, WorkerChildProgram.Command, .. options.ApiKeyVariable is { } variable ? new[] { variable } : []],
            WorkerIdPrefix = Prefix,
            ReleaseTasks = engine.ReleaseTasks,
            LongPoll = longPoll,
            DrainTimeout = options.DrainTimeout,
            PollInterval = options.PollInterval,
            Tasks = options.Settings,
            MemoryLimitBytes = options.MemoryLimitBytes,
            Observer = Tracker,
            TimeProvider = options.TimeProvider,
            Logger = options.Logger,
        });
        _served = ServedOf(tasks);
    }

    /// <summary>The beginning of the ids of all workers here; no other process ever had it.</summary>
    public string Prefix { get; }

    public WorkTracker Tracker { get; }

    /// <summary>The task names that are served: not those that are paused.</summary>
    public IReadOnlySet<string> Served => _served;

    public void Start()
    {
        _host.Start();
        _children.Start();
    }

    /// <summary>Serves the own sources of these tasks from now on.</summary>
    /// <returns>The names of the sources that are new or changed.</returns>
    public IReadOnlyList<string> Replace(ProjectTasks tasks)
    {
        _served = ServedOf(tasks);
        return _children.Replace(tasks.Own);
    }

    /// <summary>Lets running tasks finish up to the drain timeout.</summary>
    /// <param name="hurry">Cancelled: do not wait.</param>
    public Task StopAsync(CancellationToken hurry = default) => Task.WhenAll(_host.StopAsync(hurry), _children.StopAsync(hurry));

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _host.DisposeAsync().ConfigureAwait(false);
        await _children.DisposeAsync().ConfigureAwait(false);
    }

    private HashSet<string> ServedOf(ProjectTasks tasks) => tasks.Names.Where(name => _options.Settings.GetValueOrDefault(name) is not { Paused: true }).ToHashSet();
}

/// <summary>How a <see cref="WorkerFleet"/> works.</summary>
internal sealed record FleetOptions
{
    /// <summary>The beginning of the ids of all workers: <c>idflow:&lt;instance&gt;</c>, the instance unlike that of any other process ever.</summary>
    public required string Prefix { get; init; }

    /// <summary>Null: as each task says.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>The environment variable that holds the server's token, for the child processes.</summary>
    public string? ApiKeyVariable { get; init; }

    /// <summary>Settings of single tasks, by name.</summary>
    public IReadOnlyDictionary<string, WorkerTaskSettings> Settings { get; init; } = new Dictionary<string, WorkerTaskSettings>();

    /// <summary>Most memory of one child process.</summary>
    public long MemoryLimitBytes { get; init; } = 2L << 30;

    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told of every event of the workers.</summary>
    public Action<WorkEvent>? Happened { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public required ILogger Logger { get; init; }
}
