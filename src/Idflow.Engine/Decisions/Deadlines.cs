using Idflow.Conductor.Model;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>Which time limit of a task.</summary>
internal enum TimeLimit { Total, Task, Poll, Response }

/// <summary>When the limits of a task run out: for the decider that acts on them, and for the timer that wakes it at the very time.</summary>
internal static class Deadlines
{
    /// <summary>The limits of a task, in the order in which they are looked at, with the epoch milliseconds when each runs out; none of an ended one.</summary>
    public static IEnumerable<(TimeLimit Limit, long Time)> Of(TaskRow task)
    {
        if (task.IsTerminal || task.Entry?.TaskDefinition is not { } definition)
        {
            yield break;
        }
        if (definition.TotalTimeoutSeconds > 0 && task.FirstScheduledTime > 0)
        {
            yield return (TimeLimit.Total, task.FirstScheduledTime + definition.TotalTimeoutSeconds * 1000);
        }
        if (definition.TimeoutSeconds > 0 && task.StartTime > 0)
        {
            yield return (TimeLimit.Task, task.StartTime + definition.TimeoutSeconds * 1000);
        }
        if (definition.PollTimeoutSeconds > 0 && task.Status == TaskExecutionStatus.SCHEDULED)
        {
            yield return (TimeLimit.Poll, Math.Max(task.ScheduledTime, task.DueTime) + definition.PollTimeoutSeconds.Value * 1000L);
        }
        // Only a worker can fail to answer: what the engine itself keeps open has no response time.
        if (definition.ResponseTimeoutSeconds > 0 && task.Status == TaskExecutionStatus.IN_PROGRESS && OperatorTable.KindOf(task) == OperatorKind.Worker)
        {
            yield return (TimeLimit.Response, task.UpdateTime + definition.ResponseTimeoutSeconds * 1000);
        }
    }

    /// <summary>The next time at which a task needs a look, in epoch milliseconds; 0 for none. A WAIT is over once its time has passed.</summary>
    public static long Next(TaskRow task)
    {
        var next = task is { Status: TaskExecutionStatus.IN_PROGRESS, TaskType: TaskTypes.Wait, DueTime: > 0 } ? task.DueTime + 1 : 0;
        foreach (var (_, time) in Of(task))
        {
            next = next == 0 ? time : Math.Min(next, time);
        }
        return next;
    }
}
