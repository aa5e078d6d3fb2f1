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

    public WorkerFleet(EngineAccess engine, ProjectTasks tasks, FleetOptions options)
    {
        Prefix = options.Prefix;
        Tracker = new WorkTracker(options.TimeProvider);
        var longPoll = engine.Kind == EngineKind.Server ? TimeSpan.FromMilliseconds(100) : OwnLongPoll;
        _host = new WorkerHost(engine.Conductor, tasks.BuiltIn, new WorkerHostOptions
        {
            WorkerId = $"{Prefix}:0:host",
            LongPoll = longPoll,
            PollInterval = options.PollInterval,
            DrainTimeout = options.DrainTimeout,
            Tasks = options.Concurrency is { } n ? tasks.BuiltIn.Tasks.ToDictionary(t => t.Name, _ => new WorkerTaskSettings { Concurrency = n }) : [],
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
            Concurrency = options.Concurrency is { } c ? tasks.Own.SelectMany(s => s.Definitions).ToDictionary(d => d.Name!, _ => c) : new Dictionary<string, int>(),
            Observer = Tracker,
            TimeProvider = options.TimeProvider,
            Logger = options.Logger,
        });
        Served = tasks.Names.ToHashSet();
    }

    /// <summary>The beginning of the ids of all workers here; no other process ever had it.</summary>
    public string Prefix { get; }

    public WorkTracker Tracker { get; }

    /// <summary>The task names that are served.</summary>
    public IReadOnlySet<string> Served { get; }

    public IReadOnlyList<WorkerLoopStatus> Loops => _host.Status;

    public IReadOnlyList<WorkerProcessStatus> Processes => _children.Status;

    public void Start()
    {
        _host.Start();
        _children.Start();
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

    /// <summary>Tasks of one type at once; null: as each task says.</summary>
    public int? Concurrency { get; init; }

    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public required ILogger Logger { get; init; }
}
