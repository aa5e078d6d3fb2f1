using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Workers.Discovery;
using Idflow.Workers.Execution;
using Idflow.Workers.Telemetry;
using Microsoft.Extensions.Logging;

namespace Idflow.Workers.Polling;

/// <summary>One polled task from hand-out to acknowledged result.</summary>
internal sealed class TaskSession(ITaskClient client, WorkerHostOptions options, ResultSender sender, HostLifetime lifetime)
{
    /// <summary>A result carries so many log lines; Conductor drops what goes beyond.</summary>
    private const int LogLinesInResult = 10;

    private readonly LeaseKeeper _lease = new(client, options);

    /// <returns>The next task of the type, where the server answered one with the result.</returns>
    public async Task<TaskExecution?> RunAsync(RegisteredTask registered, TaskExecution task, Func<bool> wantsNext)
    {
        if (lifetime.Draining.IsCancellationRequested)
        {
            return await sender.SendAsync(registered.Name, GivenBack(task), static () => false, lifetime.GiveUp);
        }

        using var running = new RunningTask(task, options.TimeProvider);
        using var onStop = lifetime.CancelTasks.Register(() => running.Stop(StopReason.WorkerStops));
        using var ended = new CancellationTokenSource();
        var lease = _lease.KeepAsync(running, task.ResponseTimeoutSeconds > 0 ? task.ResponseTimeoutSeconds : Policy(registered, task).ResponseTimeoutSeconds, ended.Token);
        try
        {
            options.Observer?.TaskStarted(task);
            var outcome = await ExecuteAsync(registered, running);
            if (outcome is null)
            {
                options.Observer?.TaskEnded(task, null);
                return null;
            }

            await HoldBackAsync(registered, task, outcome, running);
            var result = Result(task, outcome) with { Logs = await _lease.FlushLogAsync(running, LogLinesInResult, lifetime.GiveUp) };
            options.Observer?.TaskEnded(task, result);
            return await sender.SendAsync(registered.Name, result, wantsNext, lifetime.GiveUp);
        }
        finally
        {
            await ended.CancelAsync();
            await lease;
        }
    }

    /// <returns>Null when nobody wants the result any more.</returns>
    private async Task<TaskOutcome?> ExecuteAsync(RegisteredTask registered, RunningTask running)
    {
        var timeout = Policy(registered, running.Task).TimeoutSeconds;
        using var timer = timeout > 0 ? new CancellationTokenSource(TimeSpan.FromSeconds(timeout), options.TimeProvider) : null;
        using var onTimeUp = timer?.Token.Register(() => running.Stop(StopReason.TimeUp)) ?? default;
        using var activity = WorkerActivities.Start(running.Task);
        var started = options.TimeProvider.GetTimestamp();
        WorkerMetrics.Started.Count(registered.Name);
        TaskOutcome? outcome;
        try
        {
            var run = Task.Run(() => TaskRunner.RunAsync(registered, running));
            outcome = await EndOrAbandonAsync(run, running);
        }
        catch (OperationCanceledException)
        {
            outcome = Interrupted(running, timeout);
        }

        var success = outcome?.Status is TaskResultStatus.COMPLETED or TaskResultStatus.IN_PROGRESS;
        WorkerMetrics.ExecuteTime.Record(registered.Name, options.TimeProvider.GetElapsedTime(started), success);
        activity.End(success, outcome?.Reason);
        if (!success)
        {
            WorkerMetrics.ExecuteErrors.Count(registered.Name);
        }

        return outcome;
    }

    /// <summary>Waits for the method, and after a cancellation only so long.</summary>
    private async Task<TaskOutcome> EndOrAbandonAsync(Task<TaskOutcome> run, RunningTask running)
    {
        using var abandon = new CancellationTokenSource();
        using var onStop = running.CancellationToken.Register(() => abandon.CancelAfter(options.CancelGrace));
        try
        {
            return await run.WaitAsync(abandon.Token);
        }
        catch (OperationCanceledException) when (!run.IsCompleted)
        {
            options.Logger.LogError("Task {TaskId} ({TaskType}) does not obey its cancellation token and is left running; pass the token on to what it calls.", running.Task.TaskId, running.Task.TaskType);
            options.Observer?.TaskAbandoned(running.Task);
            throw;
        }
    }

    private static TaskOutcome? Interrupted(RunningTask running, long timeout) => running.StopReason switch
    {
        StopReason.TimeUp => TaskOutcome.Failed($"The task did not end within its limit of {timeout} s."),
        StopReason.WorkerStops => new TaskOutcome(TaskResultStatus.IN_PROGRESS, running.Task.OutputData, "The worker stopped; the task goes to another one."),
        _ => null,
    };

    /// <summary>A service that asked to wait is given that time: the failure is reported so late that the retry does not come too early.</summary>
    private async Task HoldBackAsync(RegisteredTask registered, TaskExecution task, TaskOutcome outcome, RunningTask running)
    {
        var hold = RetryPolicy.HoldBack(outcome.RetryAfter, options.LongestRetryAfter, RetryPolicy.NextDelay(task, registered.Definition));
        if (hold == TimeSpan.Zero)
        {
            return;
        }

        running.Log($"Failed: {outcome.Reason} The service asked to wait {outcome.RetryAfter!.Value.TotalSeconds:0.#} s, so the retry is held back.");
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lifetime.Draining, running.CancellationToken);
        await Task.Delay(hold, options.TimeProvider, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private TaskResult GivenBack(TaskExecution task) => Result(task, new TaskOutcome(TaskResultStatus.IN_PROGRESS, task.OutputData));

    private TaskResult Result(TaskExecution task, TaskOutcome outcome) => new()
    {
        TaskId = task.TaskId,
        WorkflowInstanceId = task.WorkflowInstanceId,
        WorkerId = options.WorkerId,
        Status = outcome.Status,
        OutputData = outcome.Output,
        ReasonForIncompletion = outcome.Reason,
        CallbackAfterSeconds = outcome.CallbackAfterSeconds,
    };

    private static TaskDef Policy(RegisteredTask registered, TaskExecution task) =>
        task.WorkflowTask?.TaskDefinition ?? task.TaskDefinition ?? registered.Definition;
}
