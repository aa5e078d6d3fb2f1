using Idflow.Engine.Decisions;
using Idflow.Engine.State;
using Microsoft.Extensions.Logging;

namespace Idflow.Engine.Execution;

/// <summary>Starts the workflows that definitions name for their failures.</summary>
internal sealed class FailureStart(WorkflowStarter starter, ILogger log)
{
    /// <summary>
    /// Starts it in the commit of the failure, so that whoever reads its id in the failed run's output finds it. What cannot be started
    /// here is tried again on its own; so is the failure of a failure workflow.
    /// </summary>
    /// <param name="changed">The workflow that is changed; none for a commit that only makes new ones.</param>
    public void StartAtOnce(WorkflowState? changed, ChangeUnit unit)
    {
        if (changed is not null)
        {
            StartFor(changed, unit);
        }
        for (int i = 0, created = unit.Created.Count; i < created; i++)
        {
            StartFor(unit.Created[i], unit);
        }
    }

    private void StartFor(WorkflowState failed, ChangeUnit unit)
    {
        if (failed.Take<Effect.StartFailureWorkflow>() is not { } effect)
        {
            return;
        }
        try
        {
            starter.Start(unit, Of(failed, effect));
        }
        catch (Exception error)
        {
            log.LogWarning(error, "The failure workflow of {WorkflowId} is not started with its failure; it is tried again on its own", failed.Id);
            failed.Emit(effect);
        }
    }

    public NewWorkflow Of(WorkflowState failed, Effect.StartFailureWorkflow effect) => new()
    {
        Graph = starter.Resolve(effect.Name, effect.Version, null),
        WorkflowId = effect.WorkflowId,
        Input = FailureInput.Of(failed, starter.Accepts),
        CorrelationId = failed.Row.CorrelationId,
        TaskToDomain = failed.Row.TaskToDomain,
    };
}
