using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Workers;

/// <summary>What a running task method can ask about its task, and how it reports progress.</summary>
public abstract class TaskContext
{
    /// <summary>The polled task; its input is <see cref="TaskExecution.InputData"/>.</summary>
    public abstract TaskExecution Task { get; }

    public string WorkflowId => Task.WorkflowInstanceId ?? "";

    public string ReferenceName => Task.ReferenceTaskName ?? "";

    /// <summary>Cancelled when the worker stops, the task's time is up, or its workflow has ended.</summary>
    public abstract CancellationToken CancellationToken { get; }

    public JsonObject Input => Task.InputData;

    /// <summary>Adds a line to the task's log on the server.</summary>
    public abstract void Log(string line);
}

/// <summary>Thrown by a task method that failed and says whether trying again can help.</summary>
public sealed class TaskFailedException(string message, bool retryable, TimeSpan? retryAfter = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>False: FAILED_WITH_TERMINAL_ERROR, no retry.</summary>
    public bool Retryable { get; } = retryable;

    /// <summary>Not before this time from now, for example from a <c>Retry-After</c> header.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    public static TaskFailedException Terminal(string message, Exception? innerException = null) => new(message, retryable: false, innerException: innerException);

    public static TaskFailedException Transient(string message, TimeSpan? retryAfter = null, Exception? innerException = null) => new(message, retryable: true, retryAfter, innerException);
}
