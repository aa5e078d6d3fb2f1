using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Execution;

namespace Idflow.Engine.Operations;

/// <summary>Terminating a workflow: its open tasks are cancelled and its running children terminated. No failure workflow.</summary>
internal static class Termination
{
    public static void Apply(WorkflowState state, ChangeUnit unit, string? reason)
    {
        switch (state.Row.Status)
        {
            case WorkflowStatus.COMPLETED:
                throw ConductorException.Conflict("Cannot terminate a COMPLETED workflow.");
            case WorkflowStatus.TERMINATED:
                return;
            default:
                Ending.Terminated(state, unit.Context, reason);
                return;
        }
    }
}
