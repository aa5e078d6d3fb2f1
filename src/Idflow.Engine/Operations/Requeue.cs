using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Execution;
using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Operations;

/// <summary>The workflows on disk with an open task of a type.</summary>
internal sealed class OpenTasksOf(string taskType) : IOpenExecutions
{
    public HashSet<string> WorkflowIds { get; } = [];

    void IOpenExecutions.Add(WorkflowRow workflow)
    {
    }

    void IOpenExecutions.Add(TaskRow task)
    {
        if (task.TaskType == taskType)
        {
            WorkflowIds.Add(task.WorkflowId);
        }
    }

    void IOpenExecutions.Unreadable(string workflowId, Exception error)
    {
    }
}

/// <summary>Puts the open worker tasks of a type into their queue again, those that were handed out included.</summary>
internal static class Requeue
{
    /// <returns>How many.</returns>
    public static int Apply(WorkflowState state, ChangeUnit unit, string taskType)
    {
        var open = state.Open.Where(task => task.TaskType == taskType && OperatorTable.KindOf(task) == OperatorKind.Worker).ToList();
        foreach (var task in open)
        {
            state.Put(task with { Status = TaskExecutionStatus.SCHEDULED, DueTime = Math.Max(unit.Context.Now, task.UpdateTime + task.CallbackAfterSeconds * 1000) });
        }
        return open.Count;
    }
}
