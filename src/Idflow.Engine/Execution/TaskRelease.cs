using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Operations;
using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Execution;

/// <summary>Takes tasks back from workers that are gone.</summary>
internal static class TaskRelease
{
    /// <returns>How many.</returns>
    public static async Task<int> OfWorkerAsync(EngineParts parts, string workerIdPrefix)
    {
        // On disk is what has left the memory; in memory what is not on disk yet.
        var holders = new Holders(workerIdPrefix);
        parts.Store.ReadOpen(holders);
        foreach (var instance in parts.Instances.All)
        {
            lock (instance.Gate)
            {
                if (instance.State.Open.Any(holders.Holds))
                {
                    holders.WorkflowIds.Add(instance.Id);
                }
            }
        }
        var released = 0;
        foreach (var workflowId in holders.WorkflowIds)
        {
            try
            {
                released += await parts.Runner.ChangeAsync(workflowId, (state, unit) => Release(state, unit, holders)).ConfigureAwait(false);
            }
            catch (ConductorException error) when (error.Status == 404)
            {
                // It was removed meanwhile, and its tasks with it.
            }
        }
        return released;
    }

    private static int Release(WorkflowState state, ChangeUnit unit, Holders holders)
    {
        var held = state.Open.Where(holders.Holds).Select(task => task.TaskId).ToList();
        held.ForEach(id => TaskHandOut.Release(state, unit, id, holders.Prefix));
        return held.Count;
    }

    /// <summary>The workflows with a task that such a worker holds, in order of their ids.</summary>
    private sealed class Holders(string prefix) : IOpenExecutions
    {
        public string Prefix => prefix;

        public SortedSet<string> WorkflowIds { get; } = new(StringComparer.Ordinal);

        public bool Holds(TaskRow task) => task.Status == TaskExecutionStatus.IN_PROGRESS && task.WorkerId?.StartsWith(prefix, StringComparison.Ordinal) == true;

        public void Add(WorkflowRow workflow)
        {
        }

        public void Add(TaskRow task)
        {
            if (Holds(task))
            {
                WorkflowIds.Add(task.WorkflowId);
            }
        }

        public void Unreadable(string workflowId, Exception error)
        {
        }
    }
}
