namespace Idflow.Pipeline.Config;

/// <summary><c>workers</c>: how a project's tasks are served.</summary>
public sealed record WorkersConfig
{
    /// <summary><c>workers.memory_limit_mb</c>: most memory of one child worker process, in MiB; above it the process is replaced. Default 2048, at least 64.</summary>
    public int MemoryLimitMb { get; init; } = 2048;

    /// <summary><c>workers.drain_timeout</c>: seconds that running tasks may take to finish after a stop. Default 30.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>workers.tasks</c>: settings of single tasks, by name.</summary>
    public IReadOnlyDictionary<string, WorkerTaskConfig> Tasks { get; init; } = new Dictionary<string, WorkerTaskConfig>();
}

/// <summary>What a project sets for one task; null keeps what the task says.</summary>
public sealed record WorkerTaskConfig
{
    /// <summary><c>concurrency</c>: tasks of this name at once in one worker process, 1 to 10,000.</summary>
    public int? Concurrency { get; init; }

    /// <summary><c>poll_interval</c>: seconds between two polls while there is nothing to do, 0.001 to 3600.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary><c>domain</c>: only tasks that are routed to this domain.</summary>
    public string? Domain { get; init; }

    /// <summary><c>paused</c>: true = not served by this project's workers.</summary>
    public bool Paused { get; init; }
}
