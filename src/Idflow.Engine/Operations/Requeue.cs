using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Execution;
using Idflow.Engine.State;

namespace Idflow.Engine.Operations;

/// <summary>Puts the open worker tasks of a type into their queue again, those that were handed out included.</summary>
internal static class Requeue
{
    public static bool IsMeant(TaskRow task, string taskType) => task.TaskType == taskType && OperatorTable.KindOf(task) == OperatorKind.Worker;

    /// <returns>How many.</returns>
    public static int Apply(WorkflowState state, ChangeUnit unit, string taskType)
    {
        var open = state.Open.Where(task => IsMeant(task, taskType)).ToList();
        foreach (var task in open)
        {
            state.Put(task with { Status = TaskExecutionStatus.SCHEDULED, DueTime = Math.Max(unit.Context.Now, task.UpdateTime + task.CallbackAfterSeconds * 1000) });
        }
        return open.Count;
    }
}
