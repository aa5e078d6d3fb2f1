namespace Idflow.Engine;

/// <summary>Takes back tasks that were handed out to a poller who never got them.</summary>
public interface ITaskHandback
{
    /// <summary>Puts the tasks back into their queues: SCHEDULED, same attempt, pollable at once. Tasks that are no longer IN_PROGRESS are left alone.</summary>
    Task HandBackAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken = default);
}
