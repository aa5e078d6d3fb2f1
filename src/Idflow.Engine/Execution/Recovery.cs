using Microsoft.Extensions.Logging;

namespace Idflow.Engine.Execution;

/// <summary>
/// Opening: the open workflows come into memory, their tasks into the queues and timers, the outbox to its handlers; and what a
/// crash may have cut off between two commits is carried on.
/// </summary>
internal static class Recovery
{
    public static async Task RunAsync(EngineParts parts, CancellationToken cancellationToken)
    {
        var outbox = parts.Store.ReadOutbox();
        var open = parts.Store.ReadOpenWorkflowIds();
        foreach (var id in open)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await RecoverAsync(parts, id).ConfigureAwait(false);
        }
        foreach (var row in outbox)
        {
            parts.Outbox.Dispatch(row);
        }
    }

    private static async Task RecoverAsync(EngineParts parts, string workflowId)
    {
        try
        {
            if (parts.Instances.Find(workflowId) is not { } instance)
            {
                return;
            }
            if (parts.Options.OwnWorkerIdPrefix is { } prefix)
            {
                // Before any timer is set: a limit that ran out while no engine was open is not the fault of a worker that died with it.
                await TaskRelease.OfWorkerAsync(parts, instance, prefix).ConfigureAwait(false);
            }
            parts.Carrier.Carry(instance.State.Row);
            foreach (var task in instance.State.Open.ToList())
            {
                parts.Carrier.Carry(task);
            }
            await parts.Runner.ChangeAsync(workflowId, (state, unit) => unit.Decide(state)).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // One workflow that cannot be read must not keep all others from running.
            parts.Log.LogError(error, "Workflow {WorkflowId} could not be carried on", workflowId);
        }
    }
}
