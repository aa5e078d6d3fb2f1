using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Definitions;
using Idflow.Engine.Queues;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Timers;

namespace Idflow.Engine.Execution;

/// <summary>
/// Brings queues, timers and runners in line with rows that are on disk. All of it follows from the rows, so opening the engine
/// carries the open rows of the store in the same way.
/// </summary>
internal sealed class CommitCarrier(InstanceTable instances, SnapshotCache snapshots, TaskQueues queues, TimerHeap timers,
    Action<TaskRow> runSystemTask, Action<OutboxRow> dispatch, Action<WorkflowRow> ended)
{
    public void Carry(Commit commit)
    {
        var changes = commit.Changes;
        changes.Snapshots.ForEach(snapshots.Stored);
        changes.DeletedTasks.ForEach(Forget);
        foreach (var write in changes.Tasks)
        {
            Carry(write.Row);
        }
        foreach (var write in changes.Workflows)
        {
            if (instances.InMemory(write.Row.WorkflowId) is { } instance)
            {
                Carry(write.Row, instance.State.Graph.Definition);
            }
        }
        changes.Outbox.ForEach(dispatch);
    }

    public void Carry(TaskRow task)
    {
        switch (OperatorTable.KindOf(task))
        {
            case OperatorKind.Worker:
                queues.Follow(task);
                break;
            case OperatorKind.Async when task.Status == TaskExecutionStatus.SCHEDULED:
                runSystemTask(task);
                break;
            default:
                break;
        }
        timers.Set(new TimerKey(TimerKind.TaskDeadline, task.TaskId), task.WorkflowId, DeadlineOf(task));
    }

    public void Carry(WorkflowRow row, WorkflowDef definition)
    {
        timers.Set(new TimerKey(TimerKind.WorkflowDeadline, row.WorkflowId), row.WorkflowId, DeadlineOf(row, definition));
        if (row.Status.IsTerminal())
        {
            ended(row);
        }
    }

    /// <summary>Epoch milliseconds; 0 for none.</summary>
    public static long DeadlineOf(TaskRow? task) => task is null or { IsTerminal: true } ? 0 : Deadlines.Next(task);

    /// <summary>Epoch milliseconds; 0 for none.</summary>
    public static long DeadlineOf(WorkflowRow row, WorkflowDef definition) => row.Status.IsTerminal() ? 0 : WorkflowTimeout.Deadline(row, definition);

    private void Forget(string taskId)
    {
        queues.Remove(taskId);
        timers.Clear(new TimerKey(TimerKind.TaskDeadline, taskId));
        timers.Clear(new TimerKey(TimerKind.SystemTaskDue, taskId));
    }
}
