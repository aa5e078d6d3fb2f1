using Idflow.Workers.Polling;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Idflow.Workers.Children;

/// <summary>How child worker processes are started, limited and replaced.</summary>
public sealed record WorkerProcessOptions
{
    /// <summary>The program, for example the running <c>idflow</c> or <c>dotnet</c>.</summary>
    public required string FileName { get; init; }

    /// <summary>Its arguments, for example <c>worker-child</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Names the process instance: <c>idflow:&lt;instance&gt;</c>. A child's worker id is <c>&lt;prefix&gt;:&lt;n&gt;:&lt;source&gt;</c> with a new n for each start.</summary>
    public required string WorkerIdPrefix { get; init; }

    /// <summary>
    /// Gives the tasks of a dead worker back to their queues; gets the beginning of its worker id. Null where the server offers no such call: then
    /// tasks come back by their response timeout.
    /// </summary>
    public Func<string, CancellationToken, Task>? ReleaseTasks { get; init; }

    /// <summary>Most memory of one process in bytes; default 2 GiB. Above it the process is replaced.</summary>
    public long MemoryLimitBytes { get; init; } = 2L << 30;

    /// <summary>A process without a sign of life for so long is replaced; default 60 s.</summary>
    public TimeSpan LivenessLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a process may take until it polls; default 60 s.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait before a process that keeps dying is started again; default 30 s.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A task that was running in so many processes that died is reported as failed instead of given back once more; default 3.</summary>
    public int DeathsPerTask { get; init; } = 3;

    public TimeSpan LongPoll { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>From the start of an empty poll to the next one; null: the task's own.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>Settings for single task types, by name.</summary>
    public IReadOnlyDictionary<string, WorkerTaskSettings> Tasks { get; init; } = new Dictionary<string, WorkerTaskSettings>();

    public IChildObserver? Observer { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILogger Logger { get; init; } = NullLogger.Instance;
}

/// <summary>Is told what happens in child worker processes. Called from several threads; must return quickly.</summary>
public interface IChildObserver
{
    void TaskStarted(string source, string workflowId, string taskType, string referenceName);

    /// <param name="source">The task source.</param>
    /// <param name="workflowId">The workflow.</param>
    /// <param name="taskType">The task's name.</param>
    /// <param name="referenceName">The task's reference name.</param>
    /// <param name="status">As reported; null when nobody wanted the result.</param>
    void TaskEnded(string source, string workflowId, string taskType, string referenceName, string? status);

    /// <summary>A process died and is replaced.</summary>
    void ProcessDied(string source, string reason);
}
