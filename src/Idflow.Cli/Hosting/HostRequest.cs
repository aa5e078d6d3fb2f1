namespace Idflow.Cli.Hosting;

/// <summary>What a command wants of the <see cref="PipelineHost"/>.</summary>
internal sealed record HostRequest
{
    /// <summary>Where an own engine serves its API; the default takes a free port of this machine.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>True: an engine that another process owns already is an error.</summary>
    public bool MustOwn { get; init; }

    /// <summary>False: only the server that is configured, or the engine that another process owns.</summary>
    public bool MayOpenEngine { get; init; } = true;

    /// <summary>Documents that are changed by hand while it serves are evaluated, unless the project's configuration says otherwise.</summary>
    public bool WatchDocuments { get; init; }

    public bool RunWorkers { get; init; } = true;

    /// <summary>Only these tasks; empty: all.</summary>
    public IReadOnlyCollection<string> TaskNames { get; init; } = [];

    /// <summary>Tasks of one type at once; null: as each task says.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Told of every event of the workers, from the first on.</summary>
    public Action<WorkEvent>? Happened { get; init; }
}
