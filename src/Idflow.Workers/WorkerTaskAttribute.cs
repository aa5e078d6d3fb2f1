using Idflow.Conductor.Model;

namespace Idflow.Workers;

/// <summary>
/// Marks a method as the worker of a task. Parameters are the task's inputs by name (camel case), except
/// <see cref="TaskContext"/> and <see cref="CancellationToken"/>; the return value is its output (an object's members are the
/// output keys, any other value goes under <c>result</c>). Task definition and JSON schema are made from attribute and signature,
/// the summary from the doc comment. Running a task twice must be safe.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorkerTaskAttribute(string name) : Attribute
{
    /// <summary>The task type that is polled.</summary>
    public string Name { get; } = name;

    public string? Domain { get; init; }

    /// <summary>Tasks of this type at once in one worker host.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>Milliseconds between polls when idle.</summary>
    public int PollIntervalMs { get; init; } = 100;

    public int RetryCount { get; init; } = 3;

    public RetryLogic RetryLogic { get; init; } = RetryLogic.EXPONENTIAL_BACKOFF;

    public int RetryDelaySeconds { get; init; } = 1;

    /// <summary>Seconds an attempt may take; 0 = no limit.</summary>
    public long TimeoutSeconds { get; init; }

    public TaskTimeoutPolicy TimeoutPolicy { get; init; } = TaskTimeoutPolicy.RETRY;

    /// <summary>Seconds without a sign of life after which the task is given to another worker; extended by heartbeats while the method runs.</summary>
    public long ResponseTimeoutSeconds { get; init; } = 60;

    /// <summary>Most tasks of this type in progress over all workers; 0 = no limit.</summary>
    public int ConcurrentExecLimit { get; init; }
}
