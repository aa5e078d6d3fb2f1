using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Execution;

namespace Idflow.Engine.Operations;

/// <summary>Pausing holds back what comes next; tasks that are queued or running are not touched.</summary>
internal static class PauseAndResume
{
    public static void Pause(WorkflowState state, ChangeUnit unit)
    {
        if (state.Row.Status.IsTerminal())
        {
            throw ConductorException.Conflict($"Workflow {WorkflowErrors.ShortName(state.Row)} has ended, status cannot be updated.");
        }
        if (state.Row.Status != WorkflowStatus.PAUSED)
        {
            state.Put(state.Row with { Status = WorkflowStatus.PAUSED, UpdateTime = unit.Context.Now });
        }
    }

    public static void Resume(WorkflowState state, ChangeUnit unit)
    {
        if (state.Row.Status != WorkflowStatus.PAUSED)
        {
            throw ConductorException.Conflict($"The workflow {state.Id} is not PAUSED so cannot resume. Current status is {state.Row.Status}");
        }
        state.Put(state.Row.RunningAgain(unit.Context.Now));
        unit.Decide(state);
    }
}
