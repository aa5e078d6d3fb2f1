using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Execution;

namespace Idflow.Engine.Operations;

/// <summary>Taking a workflow out of the engine.</summary>
internal static class Removal
{
    /// <summary>It can still be read and searched, not operated any more.</summary>
    public static void Archive(WorkflowState state)
    {
        if (!state.Row.Status.IsTerminal())
        {
            throw ConductorException.BadRequest($"Cannot archive workflow: {state.Id} with status: {state.Row.Status}");
        }
        state.Put(state.Row with { Archived = true });
    }

    /// <summary>It is gone, with its tasks and logs; in any state.</summary>
    public static void Delete(WorkflowState state, ChangeUnit unit)
    {
        unit.Commit.DeletedTasks.AddRange(state.Tasks.Select(task => task.TaskId));
        unit.Commit.DeletedWorkflows.Add(state.Id);
    }
}
