using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Execution;
using Idflow.Engine.State;

namespace Idflow.Engine.Operations;

/// <summary>Giving a task to a worker, and taking it back when the worker's process is known to be dead.</summary>
internal static class TaskHandOut
{
    /// <returns>The task as the worker gets it; null when it is not to be had any more.</returns>
    public static TaskRow? Take(WorkflowState state, ChangeUnit unit, string taskId, string? workerId)
    {
        var now = unit.Context.Now;
        if (state.Find(taskId) is not { Status: TaskExecutionStatus.SCHEDULED } task || task.DueTime > now || state.Row.Status.IsTerminal())
        {
            return null;
        }
        var taken = task with
        {
            Status = TaskExecutionStatus.IN_PROGRESS,
            StartTime = task.StartTime == 0 ? now : task.StartTime,
            CallbackAfterSeconds = 0,
            WorkerId = workerId,
            PollCount = task.PollCount + 1,
            UpdateTime = now,
        };
        state.Put(taken);
        return taken;
    }

    /// <summary>Puts a task that was handed out back into its queue: the same attempt.</summary>
    public static void Release(WorkflowState state, ChangeUnit unit, string taskId)
    {
        if (state.Find(taskId) is { Status: TaskExecutionStatus.IN_PROGRESS } task && OperatorTable.KindOf(task) == OperatorKind.Worker)
        {
            state.Put(task with { Status = TaskExecutionStatus.SCHEDULED, WorkerId = null, DueTime = unit.Context.Now, UpdateTime = unit.Context.Now });
        }
    }

    /// <summary>The same for a task that may have been put back, and handed out again, since it was seen like this.</summary>
    public static void ReleaseUnlessTaken(WorkflowState state, ChangeUnit unit, TaskRow held)
    {
        if (state.Find(held.TaskId)?.PollCount == held.PollCount)
        {
            Release(state, unit, held.TaskId);
        }
    }

    /// <summary>Puts all tasks that a dead worker holds back into their queues.</summary>
    /// <returns>How many.</returns>
    public static int ReleaseAll(WorkflowState state, ChangeUnit unit, string workerIdPrefix)
    {
        var held = state.Open.Where(task => IsHeldBy(task, workerIdPrefix)).Select(task => task.TaskId).ToList();
        held.ForEach(id => Release(state, unit, id));
        return held.Count;
    }

    /// <summary>A worker whose id begins so has the task.</summary>
    public static bool IsHeldBy(TaskRow task, string workerIdPrefix) => task.Status == TaskExecutionStatus.IN_PROGRESS && OperatorTable.KindOf(task) == OperatorKind.Worker
        && task.WorkerId?.StartsWith(workerIdPrefix, StringComparison.Ordinal) == true;
}
