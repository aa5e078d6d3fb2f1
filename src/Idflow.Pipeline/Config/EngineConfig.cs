namespace Idflow.Pipeline.Config;

/// <summary><c>engine</c>: settings of the embedded engine. A project with <c>conductor.server_url</c> does not use them.</summary>
public sealed record EngineConfig
{
    /// <summary><c>retention.days</c>: ended workflows are removed so many days after their end; null = kept.</summary>
    public double? RetentionDays { get; init; }

    /// <summary><c>retention.archive</c>: where they are exported to first, as gzipped JSON lines; null = nowhere. A relative path counts from the project folder.</summary>
    public string? ArchiveDirectory { get; init; }

    /// <summary><c>retention.event_days</c>: records of event handlers. Default 30.</summary>
    public double EventDays { get; init; } = 30;

    /// <summary><c>retention.schedule_runs</c>: records that each schedule keeps. Default 100.</summary>
    public int ScheduleRuns { get; init; } = 100;

    /// <summary><c>retention.sweep_minutes</c>: time between two looks at what is over. Default 60.</summary>
    public double SweepMinutes { get; init; } = 60;

    /// <summary><c>retention.batch</c>: most rows removed in one step. Default 100.</summary>
    public int SweepBatch { get; init; } = 100;

    /// <summary><c>limits</c>: those that are set, by their keys (<see cref="EngineLimitKey"/>). The engine has the defaults.</summary>
    public IReadOnlyDictionary<string, double> Limits { get; init; } = new Dictionary<string, double>();

    /// <summary><c>secrets</c>: names of <c>${workflow.secrets.NAME}</c>, each with the environment variable that holds the value.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary><c>environment</c>: values of <c>${workflow.env.NAME}</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary><c>server</c>: limits of the REST API that <c>idflow up</c> serves. Null = the server's default.</summary>
public sealed record ServerConfig
{
    /// <summary><c>max_body_mb</c>: largest request body in MiB.</summary>
    public int? MaxBodyMegabytes { get; init; }

    /// <summary><c>max_connections</c>: most connections at once.</summary>
    public int? MaxConnections { get; init; }

    /// <summary><c>max_polls</c>: most polls that wait at once.</summary>
    public int? MaxPolls { get; init; }

    /// <summary><c>max_polls_per_client</c>: the same for one address.</summary>
    public int? MaxPollsPerClient { get; init; }

    /// <summary><c>max_large_bodies</c>: most bodies above 1 MiB that are read and answered at once.</summary>
    public int? MaxLargeBodies { get; init; }

    /// <summary><c>max_request_depth</c>: deepest nesting of a request.</summary>
    public int? MaxRequestDepth { get; init; }

    /// <summary><c>drain_timeout</c>: seconds that a stop waits for requests under way.</summary>
    public double? DrainTimeoutSeconds { get; init; }
}
