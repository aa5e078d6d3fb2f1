using Idflow.Engine.State;

namespace Idflow.Engine.Queues;

/// <summary>A task that waits for a worker.</summary>
internal sealed class QueuedTask(TaskRow task, long order)
{
    public string TaskId { get; } = task.TaskId;

    public string WorkflowId { get; } = task.WorkflowId;

    public int Priority { get; } = task.WorkflowPriority;

    /// <summary>Not handed out before; epoch milliseconds.</summary>
    public long Due { get; } = task.DueTime;

    public long Order { get; } = order;

    public ExecutionLimit Limit { get; } = ExecutionLimit.Of(task);

    public bool IsGone { get; set; }
}

/// <summary>The limits of a task definition on how many of its tasks run; 0 for none.</summary>
/// <param name="Concurrent">Most tasks in progress at once.</param>
/// <param name="PerWindow">Most hand-outs per <paramref name="WindowSeconds"/>.</param>
internal readonly record struct ExecutionLimit(string TaskDefName, int Concurrent, int PerWindow, int WindowSeconds)
{
    public bool IsNone => Concurrent <= 0 && PerWindow <= 0;

    public static ExecutionLimit Of(TaskRow task) => new(task.TaskDefName, task.Entry?.TaskDefinition?.ConcurrentExecLimit ?? 0,
        task.RateLimitPerFrequency, Math.Max(1, task.RateLimitFrequencyInSeconds));
}
