using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>When a workflow is done: nothing is open, and every entry at the top level has run; one without entries is done at once.</summary>
internal static class Completion
{
    public static bool IsComplete(WorkflowState state) => (state.TaskCount > 0 || state.Graph.Definition.Tasks.Count == 0) && state.Open.Count == 0
        && state.Graph.Definition.Tasks.All(entry => state.Latest(entry.TaskReferenceName!) is { IsTerminal: true });

    /// <summary>The latest attempts of permissive tasks that ended badly: they fail a workflow that is otherwise done.</summary>
    public static IReadOnlyList<TaskRow> PermissiveFailures(WorkflowState state) =>
    [
        .. state.Tasks.Where(task => task.Entry is { Permissive: true, Optional: false } && !task.Status.IsSuccessful()
            && state.Latest(task.ReferenceName)?.TaskId == task.TaskId),
    ];
}
