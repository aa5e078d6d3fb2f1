using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Queues;
using Idflow.Engine.State;
using Idflow.Engine.Timers;

namespace Idflow.Engine.Execution;

/// <summary>
/// Brings queues, timers and runners in line with rows that are on disk. All of it follows from the rows, so opening the engine
/// carries the open rows of the store in the same way.
/// </summary>
internal sealed class CommitCarrier(InstanceTable instances, TaskQueues queues, TimerHeap timers,
    Action<TaskRow> runSystemTask, Action<OutboxRow> dispatch, Action<WorkflowRow> ended)
{
    public void Carry(Commit commit)
    {
        var changes = commit.Changes;
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
        timers.Set(new TimerKey(TimerKind.TaskDeadline, task.TaskId), task.WorkflowId, Deadlines.Next(task));
    }

    public void Carry(WorkflowRow row, WorkflowDef definition)
    {
        timers.Set(new TimerKey(TimerKind.WorkflowDeadline, row.WorkflowId), row.WorkflowId, WorkflowTimeout.Deadline(row, definition));
        if (row.Status.IsTerminal())
        {
            ended(row);
        }
    }

    /// <summary>Brings all that follows from the rows of one workflow in line with them.</summary>
    /// <returns>False when there is no such workflow.</returns>
    public bool CarryWorkflow(string workflowId)
    {
        if (instances.Find(workflowId) is not { } instance)
        {
            return false;
        }
        WorkflowRow row;
        List<TaskRow> open;
        lock (instance.Gate)
        {
            (row, open) = (instance.State.Row, instance.State.Open.ToList());
        }
        Carry(row, instance.State.Graph.Definition);
        open.ForEach(Carry);
        return true;
    }

    private void Forget(string taskId)
    {
        queues.Remove(taskId);
        timers.Clear(new TimerKey(TimerKind.TaskDeadline, taskId));
        timers.Clear(new TimerKey(TimerKind.SystemTaskDue, taskId));
    }
}
