using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Execution;

namespace Idflow.Engine.Queues;

/// <summary>
/// Tasks that were drawn from their queue while something long holds their workflow, a script for one. They are put aside, so that their
/// poller gets the tasks of others, and go back into their queue the moment the workflow is free.
/// </summary>
internal sealed class ParkedTasks(WorkflowRunner runner, TaskQueues queues, BackgroundWork background)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(QueuedTask Task, TaskQueue Queue)>> _parked = [];

    /// <summary>Puts aside a task that was drawn from <paramref name="queue"/>; its place under the limits is free again.</summary>
    public void Add(QueuedTask task, TaskQueue queue)
    {
        queues.GiveBack(task, null);
        lock (_gate)
        {
            if (_parked.TryGetValue(task.WorkflowId, out var others))
            {
                others.Add((task, queue));
                return;
            }
            _parked[task.WorkflowId] = [(task, queue)];
        }
        background.RunWaiting(() => PutBack(task.WorkflowId));
    }

    /// <summary>Waits for the workflow. What its tasks have become decides: those that are still to be handed out wait again.</summary>
    private void PutBack(string workflowId)
    {
        try
        {
            runner.Change(workflowId, (state, _) =>
            {
                foreach (var task in Take(workflowId).Select(parked => state.Find(parked.Task.TaskId)))
                {
                    if (task is { Status: TaskExecutionStatus.SCHEDULED })
                    {
                        queues.Follow(task);
                    }
                }
                return true;
            });
        }
        catch (Exception error) when (StoreFault.IsPassing(error))
        {
            // Whoever draws them next looks again.
            Take(workflowId).ForEach(parked => queues.PutBack(parked.Task, parked.Queue));
        }
        catch (Exception error) when (error is ConductorException or Storage.EngineStoreException or ObjectDisposedException)
        {
            // The workflow was removed, or its rows are damaged, or the engine closes: nothing of it can be handed out.
            Take(workflowId);
        }
    }

    private List<(QueuedTask Task, TaskQueue Queue)> Take(string workflowId)
    {
        lock (_gate)
        {
            return _parked.Remove(workflowId, out var tasks) ? tasks : [];
        }
    }
}
