using Idflow.Conductor.Model;

namespace Idflow.Workers.Polling;

/// <summary>Is told what a worker host does, for live views and supervision. Called from worker threads; must return quickly.</summary>
public interface IWorkerObserver
{
    void TaskStarted(TaskExecution task);

    /// <summary>The result is about to be sent; null when nobody wants it any more because its workflow ended.</summary>
    void TaskEnded(TaskExecution task, TaskResult? result);

    /// <summary>The method went on after its cancellation and is left running; <see cref="TaskEnded"/> follows.</summary>
    void TaskAbandoned(TaskExecution task)
    {
    }

    /// <summary>The server does not answer, or answers again (null).</summary>
    void ServerState(Exception? problem)
    {
    }
}
