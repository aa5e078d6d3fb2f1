using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Workers.Discovery;
using Idflow.Workers.Execution;

namespace Idflow.Workers.Testing;

/// <summary>
/// Runs task methods as a worker would, with the same binding, output and failure rules, but without a server. For unit tests
/// and for <c>idflow tasks run</c>.
/// </summary>
/// <param name="registry">Where the tasks are.</param>
/// <param name="timeProvider">The clock of log lines; null for the system's.</param>
public sealed class TaskEnvironment(WorkerRegistry registry, TimeProvider? timeProvider = null)
{
    /// <summary>Runs one task to its end.</summary>
    /// <param name="taskName">Its name in the registry.</param>
    /// <param name="input">Its input; null for none.</param>
    /// <param name="workflowId">What the method sees as its workflow.</param>
    /// <param name="referenceName">What the method sees as its reference name; null: the task's name.</param>
    /// <param name="cancellationToken">Cancels the method.</param>
    /// <exception cref="WorkerException">No such task.</exception>
    /// <exception cref="OperationCanceledException">The method obeyed the cancellation.</exception>
    public async Task<TaskRun> RunAsync(string taskName, JsonObject? input = null, string workflowId = "local", string? referenceName = null, CancellationToken cancellationToken = default)
    {
        var task = registry.Find(taskName) ?? throw new WorkerException($"No task '{taskName}' is registered; there are {string.Join(", ", registry.Tasks.Select(t => t.Name))}.");
        var execution = new TaskExecution
        {
            TaskId = $"{workflowId}-{referenceName ?? taskName}",
            WorkflowInstanceId = workflowId,
            ReferenceTaskName = referenceName ?? taskName,
            TaskType = taskName,
            TaskDefName = taskName,
            Status = TaskExecutionStatus.IN_PROGRESS,
            InputData = (JsonObject)(input ?? []).DeepClone(),
            TaskDefinition = task.Definition,
        };
        using var running = new RunningTask(execution, timeProvider ?? TimeProvider.System);
        using var onCancel = cancellationToken.Register(() => running.Stop(StopReason.WorkerStops));
        var outcome = await TaskRunner.RunAsync(task, running);
        return new TaskRun(outcome, [.. running.TakeLog().Select(l => l.Log!)]);
    }
}

/// <summary>What a task method made of its input.</summary>
/// <param name="Outcome">Status, output, reason.</param>
/// <param name="Log">The lines it logged.</param>
public sealed record TaskRun(TaskOutcome Outcome, IReadOnlyList<string> Log)
{
    public TaskResultStatus Status => Outcome.Status;

    public JsonObject Output => Outcome.Output;

    public string? Reason => Outcome.Reason;
}
