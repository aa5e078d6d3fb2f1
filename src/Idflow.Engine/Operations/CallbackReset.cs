using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Execution;

namespace Idflow.Engine.Operations;

/// <summary>Makes tasks that wait for their callback time ready now.</summary>
internal static class CallbackReset
{
    public static void Apply(WorkflowState state, ChangeUnit unit)
    {
        if (state.Row.Status.IsTerminal())
        {
            throw ConductorException.Conflict($"Workflow is in terminal state. Status = {state.Row.Status}");
        }
        foreach (var task in state.Open.Where(task => task is { Status: TaskExecutionStatus.SCHEDULED, CallbackAfterSeconds: > 0 }
            && OperatorTable.KindOf(task) == OperatorKind.Worker).ToList())
        {
            state.Put(task with { DueTime = unit.Context.Now });
        }
    }
}
