using Idflow.Conductor;
using Idflow.Engine.Decisions;
using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Execution;

/// <summary>Changes of all workflows with an open task of some kind.</summary>
internal static class OpenTasks
{
    /// <param name="isMeant">Which tasks; called from any thread that changes a workflow.</param>
    /// <param name="change">Changes one workflow, and says how many of its tasks.</param>
    /// <returns>How many tasks were changed.</returns>
    public static async Task<int> ChangeAsync(EngineParts parts, Func<TaskRow, bool> isMeant, Func<WorkflowState, ChangeUnit, int> change)
    {
        // On disk is what has left the memory; in memory what is not on disk yet.
        var found = new Found(isMeant);
        parts.Store.ReadOpen(found);
        foreach (var instance in parts.Instances.All)
        {
            lock (instance.Gate)
            {
                if (instance.State.Open.Any(isMeant))
                {
                    found.WorkflowIds.Add(instance.Id);
                }
            }
        }
        var changed = 0;
        foreach (var workflowId in found.WorkflowIds)
        {
            try
            {
                changed += await parts.Runner.ChangeAsync(workflowId, change).ConfigureAwait(false);
            }
            catch (ConductorException error) when (error.Status == 404)
            {
                // It was removed meanwhile, and its tasks with it.
            }
        }
        return changed;
    }

    /// <summary>In order of their ids, so that a simulation does the same each time.</summary>
    private sealed class Found(Func<TaskRow, bool> isMeant) : IOpenExecutions
    {
        public SortedSet<string> WorkflowIds { get; } = new(StringComparer.Ordinal);

        public void Add(WorkflowRow workflow)
        {
        }

        public void Add(TaskRow task)
        {
            if (isMeant(task))
            {
                WorkflowIds.Add(task.WorkflowId);
            }
        }

        public void Unreadable(string workflowId, Exception error)
        {
        }
    }
}
