namespace Idflow.Engine;

/// <summary>How long the engine keeps what is over.</summary>
public sealed record EngineRetention
{
    /// <summary>Ended workflows are removed so long after their end, children together with the workflow that started them; default null = kept.</summary>
    public TimeSpan? Workflows { get; init; }

    /// <summary>
    /// Where workflows go before they are removed: one file <c>TIME-ID.jsonl.gz</c> for each batch, one workflow with its tasks and logs a line.
    /// Default null = they go for good. A workflow may stand in two files after a crash.
    /// </summary>
    public string? ArchiveDirectory { get; init; }

    /// <summary>Records of what event handlers did; default 30 days, null = kept. They keep an action from happening twice for one message.</summary>
    public TimeSpan? EventExecutions { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Records of the last runs that each schedule keeps; default 100, null = all.</summary>
    public int? ScheduleExecutions { get; init; } = 100;

    /// <summary>Time between two sweeps; default 1 hour. The first comes 10 seconds after the start.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Most rows that one step of a sweep removes; other commits come in between. Default 100.</summary>
    public int Batch { get; init; } = 100;
}
