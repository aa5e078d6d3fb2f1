using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Workers.Execution;
using Microsoft.Extensions.Logging;

namespace Idflow.Workers.Polling;

/// <summary>
/// While a task runs: extends its lease, passes its log lines on, and stops the method when the server no longer wants the
/// task (its workflow ended, or the attempt timed out).
/// </summary>
internal sealed class LeaseKeeper(ITaskClient client, WorkerHostOptions options)
{
    public async Task KeepAsync(RunningTask running, long responseTimeoutSeconds, CancellationToken ended)
    {
        var lease = responseTimeoutSeconds > 0 ? TimeSpan.FromSeconds(responseTimeoutSeconds * options.LeaseShare) : Timeout.InfiniteTimeSpan;
        var tick = lease > TimeSpan.Zero && lease < options.CancelCheckInterval ? lease : options.CancelCheckInterval;
        var extended = options.TimeProvider.GetTimestamp();
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(tick, options.TimeProvider, ended);
                await FlushLogAsync(running, keep: 0, ended);
                if (lease > TimeSpan.Zero && options.TimeProvider.GetElapsedTime(extended) + tick > lease)
                {
                    await client.UpdateTaskAsync(Extension(running.Task), ended);
                    extended = options.TimeProvider.GetTimestamp();
                }

                if (await IsEndedAsync(running.Task.TaskId!, ended))
                {
                    running.Stop(StopReason.WorkflowEnded);
                    return;
                }
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (IsTransport(e))
            {
                options.Logger.LogDebug("The lease of task {TaskId} could not be extended: {Reason}", running.Task.TaskId, e.Message);
            }
        }
    }

    /// <summary>Sends all log lines but the last <paramref name="keep"/>, which are returned to go with the result.</summary>
    public async Task<IReadOnlyList<TaskExecLog>> FlushLogAsync(RunningTask running, int keep, CancellationToken cancellationToken)
    {
        var lines = running.TakeLog();
        foreach (var line in lines.Take(lines.Count - keep))
        {
            try
            {
                await client.AddTaskLogAsync(running.Task.TaskId!, line.Log!, cancellationToken);
            }
            catch (Exception e) when (IsTransport(e) && !cancellationToken.IsCancellationRequested)
            {
                // Log lines are a help, not a result: what the server does not take now is left out.
                options.Logger.LogDebug("Log lines of task {TaskId} were not taken: {Reason}", running.Task.TaskId, e.Message);
                break;
            }
        }

        return [.. lines.Skip(lines.Count - keep)];
    }

    private static bool IsTransport(Exception e) => e is ConductorException or HttpRequestException or IOException or TimeoutException or OperationCanceledException;

    private async Task<bool> IsEndedAsync(string taskId, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetTaskAsync(taskId, cancellationToken)).IsTerminal;
        }
        catch (ConductorException e) when (e.Status == 404)
        {
            return true;
        }
    }

    private TaskResult Extension(TaskExecution task) => new()
    {
        TaskId = task.TaskId,
        WorkflowInstanceId = task.WorkflowInstanceId,
        WorkerId = options.WorkerId,
        Status = TaskResultStatus.IN_PROGRESS,
        ExtendLease = true,
    };
}
