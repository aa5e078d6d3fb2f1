using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Execution;

namespace Idflow.Engine.Operations;

/// <summary>Opens a parent again whose child an operator has set going.</summary>
internal static class Revival
{
    /// <param name="seen">The parent when the child was set going.</param>
    /// <param name="tell">What the parent's own parent is told if the parent has ended; null when there is none.</param>
    /// <returns>Children of sibling tasks that ended badly with the parent: they are to be retried as well. An effect sees to it should the process die before.</returns>
    public static IReadOnlyList<string> Apply(WorkflowState parent, ChangeUnit unit, string taskId, string childId, Effect.ReviveParent seen, Effect.ReviveParent? tell)
    {
        // A task that ran again has another child, and waits for nothing of this one. What is archived stays as it is.
        if (parent.Row.Archived || parent.Find(taskId) is not { IsTerminal: true, Retried: false } task || task.SubWorkflowId != childId || task.Entry is { Optional: true })
        {
            return [];
        }
        if (seen.HasEndedSince(parent.Row))
        {
            Ending.TakeAlong(parent, childId);
            return [];
        }
        var wasEnded = parent.Row.Status.IsTerminal();
        if (wasEnded)
        {
            Retry.Reopen(parent, unit, tell);
            parent.Put(parent.Row with { FailedReferenceNames = [], FailedTaskNames = [], FailedTaskId = null });
        }
        parent.Put(Retry.Opened(task, unit));
        var siblings = wasEnded ? ReopenCanceled(parent, unit) : [];
        ReopenJoins(parent, unit);
        unit.Decide(parent);
        return siblings;
    }

    private static List<string> ReopenCanceled(WorkflowState parent, ChangeUnit unit)
    {
        var children = new List<string>();
        foreach (var task in parent.Tasks.Where(task => task is { IsTerminal: true, Retried: false } && !task.Status.IsSuccessful()).ToList())
        {
            if (task.TaskType == TaskTypes.SubWorkflow && task.SubWorkflowId is not null)
            {
                parent.Put(Retry.Opened(task, unit));
                parent.Emit(new Effect.RetryChild(task.SubWorkflowId));
                children.Add(task.SubWorkflowId);
            }
            else if (task.Status == TaskExecutionStatus.CANCELED && OperatorTable.KindOf(task) is OperatorKind.Worker or OperatorKind.Async)
            {
                parent.Put(task with
                {
                    Status = TaskExecutionStatus.SCHEDULED,
                    RetryCount = task.RetryCount + 1,
                    DueTime = unit.Context.Now,
                    EndTime = 0,
                    Reason = null,
                    Executed = false,
                    WorkerId = null,
                });
            }
            else if (task.Status == TaskExecutionStatus.CANCELED)
            {
                parent.Put(Retry.Opened(task, unit));
            }
        }
        return children;
    }

    /// <summary>Joins that went by the child's old end wait for the new one.</summary>
    private static void ReopenJoins(WorkflowState parent, ChangeUnit unit)
    {
        foreach (var join in parent.Tasks.Where(task => task is { TaskType: TaskTypes.Join, IsTerminal: true } && !task.Status.IsSuccessful()).ToList())
        {
            parent.Put(Retry.Opened(join, unit));
        }
    }
}
