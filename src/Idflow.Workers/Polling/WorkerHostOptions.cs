using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Idflow.Workers.Polling;

/// <summary>How a <see cref="WorkerHost"/> polls, keeps leases and stops.</summary>
public sealed record WorkerHostOptions
{
    /// <summary>Names this worker to the server: <c>idflow:&lt;process instance&gt;:&lt;n&gt;</c>, so that tasks held by a dead process can be found.</summary>
    public string WorkerId { get; init; } = "idflow";

    /// <summary>
    /// How long the server may hold a poll open; at most 5 s. Default 100 ms, which suits every Conductor server. A server that answers as
    /// soon as a task is there (the embedded engine does) can be given longer, which costs nothing and spares empty polls.
    /// </summary>
    public TimeSpan LongPoll { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>From the start of an empty poll to the next one; null: the task's own, which is 100 ms unless its attribute says otherwise.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>The longest wait between tries while the server does not answer; default 10 s.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long running tasks may take to finish after a stop; default 30 s. Then they are cancelled and given back.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a cancelled method may take to obey before it is left alone; default 5 s.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The share of a task's response timeout after which its lease is extended; default 0.5.</summary>
    public double LeaseShare { get; init; } = 0.5;

    /// <summary>How often the server is asked whether a running task is still wanted; default 5 s.</summary>
    public TimeSpan CancelCheckInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time a failure is held back because a service asked to wait; default 1 hour.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Settings for single task types, by name.</summary>
    public IReadOnlyDictionary<string, WorkerTaskSettings> Tasks { get; init; } = new Dictionary<string, WorkerTaskSettings>();

    public IWorkerObserver? Observer { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILogger Logger { get; init; } = NullLogger.Instance;
}

/// <summary>What a project sets for one task type; null keeps what the task's attribute says.</summary>
public sealed record WorkerTaskSettings
{
    /// <summary>Tasks at once.</summary>
    public int? Concurrency { get; init; }

    public TimeSpan? PollInterval { get; init; }

    public string? Domain { get; init; }

    /// <summary>True: the type is not polled until it is resumed.</summary>
    public bool Paused { get; init; }
}
