using Idflow.Engine.Execution;
using Microsoft.Extensions.Logging;

namespace Idflow.Engine;

/// <summary>Where the embedded engine keeps its data, and its sources of time and ids.</summary>
public sealed record EngineOptions
{
    /// <summary>The folder of the engine's database (<c>.idflow/engine</c> of a project); null = in memory.</summary>
    public string? Directory { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Ids and random numbers; null = random ones.</summary>
    public IIdSource? Ids { get; init; }

    public EngineLimits Limits { get; init; } = new();

    public EngineRetention Retention { get; init; } = new();

    /// <summary>
    /// Worker ids of the process that owns the engine, and of the processes it starts, begin with this. Tasks that such workers hold when
    /// the engine opens go back to their queues, same attempt: the process that held them is dead. Null = none.
    /// </summary>
    public string? OwnWorkerIdPrefix { get; init; } = "idflow:";

    /// <summary>Values of <c>${workflow.secrets.NAME}</c>; null for unknown names.</summary>
    public Func<string, string?> Secrets { get; init; } = static _ => null;

    /// <summary>Values of <c>${workflow.env.NAME}</c>; null for unknown names.</summary>
    public Func<string, string?> Environment { get; init; } = static _ => null;

    /// <summary>Makes the calls of HTTP tasks; null = an ordinary client.</summary>
    public HttpMessageInvoker? HttpClient { get; init; }

    /// <summary>Pages of the write-ahead log after which it is carried into the database file; default 8,000 (32 MB): a busy page is carried over once, and a commit seldom waits for it.</summary>
    public int CheckpointPages { get; init; } = 8_000;

    /// <summary>Called by the writer whenever it passes such a point: for tests that end the process there.</summary>
    public Action<CommitPoint> AtPoint { get; init; } = static _ => { };

    internal BackgroundWork Background { get; init; } = BackgroundWork.OnThreadPool;

    public ILoggerFactory? Loggers { get; init; }
}
