using Idflow.Conductor.Model;
using Idflow.Engine.Operations;

namespace Idflow.Engine.Execution;

/// <summary>Takes tasks back from workers that are gone.</summary>
internal static class TaskRelease
{
    public static async Task<int> OfWorkerAsync(EngineParts parts, string workerIdPrefix)
    {
        var released = 0;
        foreach (var instance in parts.Instances.All)
        {
            released += await OfWorkerAsync(parts, instance, workerIdPrefix).ConfigureAwait(false);
        }
        return released;
    }

    public static async Task<int> OfWorkerAsync(EngineParts parts, WorkflowInstance instance, string workerIdPrefix)
    {
        List<string> held;
        lock (instance.Gate)
        {
            held = [.. instance.State.Open.Where(task => task.Status == TaskExecutionStatus.IN_PROGRESS
                && task.WorkerId?.StartsWith(workerIdPrefix, StringComparison.Ordinal) == true).Select(task => task.TaskId)];
        }
        if (held.Count > 0)
        {
            await parts.Runner.ChangeAsync(instance.Id, (state, unit) => held.ForEach(id => TaskHandOut.Release(state, unit, id, workerIdPrefix))).ConfigureAwait(false);
        }
        return held.Count;
    }
}
