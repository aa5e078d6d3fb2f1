using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Http;
using Idflow.Engine.Operations;
using Idflow.Engine.State;
using Idflow.Engine.Timers;
using Microsoft.Extensions.Logging;

namespace Idflow.Engine.Execution;

/// <summary>
/// Carries out the system tasks that reach outside their workflow, once they are SCHEDULED on disk and due: starts of workflows and
/// HTTP calls. A start is one commit with the task that caused it; a call that a crash cut off is made again.
/// </summary>
internal sealed class SystemTaskRunner(WorkflowRunner runner, SubWorkflowStart subWorkflows, StartWorkflowTask startWorkflow, HttpTaskCall http, TimerHeap timers, EngineLimits limits, BackgroundWork background, ILogger log) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _calls = new(limits.HttpCalls);

    /// <summary>Runs a task, now or when it is due. Returns at once.</summary>
    public void Run(TaskRow task)
    {
        if (task.DueTime > runner.Now())
        {
            timers.Set(new TimerKey(TimerKind.SystemTaskDue, task.TaskId), task.WorkflowId, task.DueTime);
            return;
        }
        Run(task.WorkflowId, task.TaskId);
    }

    public void Run(string workflowId, string taskId) => background.Run(() => _ = RunAsync(workflowId, taskId));

    private async Task RunAsync(string workflowId, string taskId)
    {
        try
        {
            if (!_closing.IsCancellationRequested)
            {
                var rest = await StartAsync(workflowId, taskId).ConfigureAwait(false);
                await (rest?.Invoke() ?? Task.CompletedTask).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is ConductorException or OperationCanceledException or ObjectDisposedException)
        {
            log.LogDebug(error, "System task {TaskId} was not carried out", taskId);
        }
        catch (Exception error) when (StoreFault.IsPassing(error))
        {
            log.LogWarning(error, "System task {TaskId} of workflow {WorkflowId} is tried again", taskId, workflowId);
            timers.Set(new TimerKey(TimerKind.SystemTaskDue, taskId), workflowId, runner.Now() + (long)Pause.TotalMilliseconds);
        }
        catch (Exception error)
        {
            log.LogError(error, "System task {TaskId} of workflow {WorkflowId} failed in the engine", taskId, workflowId);
            await FailAsync(workflowId, taskId, $"The engine failed on this task: {error.Message}").ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>What remains to be done outside of the workflow.</returns>
    private Task<Func<Task>?> StartAsync(string workflowId, string taskId) => runner.ChangeAsync<Func<Task>?>(workflowId, (state, unit) =>
    {
        if (state.Find(taskId) is not { Status: TaskExecutionStatus.SCHEDULED } task || state.Row.Status.IsTerminal())
        {
            return null;
        }
        switch (task.TaskType)
        {
            case TaskTypes.SubWorkflow:
                subWorkflows.StartChild(state, unit, task);
                return null;
            case TaskTypes.StartWorkflow:
                startWorkflow.Start(state, unit, task);
                return null;
            default:
                return () => CallAsync(task, unit.Context.Now);
        }
    });

    private async Task CallAsync(TaskRow task, long startTime)
    {
        await _calls.WaitAsync(_closing.Token).ConfigureAwait(false);
        try
        {
            var result = await http.CallAsync(task, _closing.Token).ConfigureAwait(false);
            await runner.ChangeAsync(task.WorkflowId, (state, unit) =>
            {
                if (state.Find(task.TaskId) is { Status: TaskExecutionStatus.SCHEDULED } open)
                {
                    state.Put(open with { StartTime = startTime, PollCount = open.PollCount + 1 });
                    TaskUpdate.Apply(state, unit, result with { CallbackAfterSeconds = open.CallbackAfterSeconds });
                }
            }).ConfigureAwait(false);
        }
        finally
        {
            _calls.Release();
        }
    }

    private Task FailAsync(string workflowId, string taskId, string reason) => runner.ChangeAsync(workflowId, (state, unit) => TaskUpdate.Apply(state, unit, new TaskResult
    {
        WorkflowInstanceId = workflowId,
        TaskId = taskId,
        Status = TaskResultStatus.FAILED,
        ReasonForIncompletion = reason,
    }));

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }
}
