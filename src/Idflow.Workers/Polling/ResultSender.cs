using System.Text.Json;
using Idflow.Conductor;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Workers.Supervision;
using Idflow.Workers.Telemetry;
using Microsoft.Extensions.Logging;

namespace Idflow.Workers.Polling;

/// <summary>
/// Hands results to the server and keeps each one until the server has acknowledged it. A result that the server refuses for its
/// content (too large, not valid) becomes a terminal failure that says so, since sending it again cannot help.
/// </summary>
internal sealed class ResultSender(ITaskClient client, WorkerHostOptions options)
{
    /// <summary>Set when the server does not know the call that answers the next task.</summary>
    private volatile bool _plainOnly;

    /// <param name="taskType">For metrics.</param>
    /// <param name="result">What to report.</param>
    /// <param name="wantsNext">Asks for the next task in the same call.</param>
    /// <param name="giveUp">Ends the tries when the host must stop.</param>
    /// <returns>The next task, where one was wanted and is there.</returns>
    public async Task<TaskExecution?> SendAsync(string taskType, TaskResult result, Func<bool> wantsNext, CancellationToken giveUp)
    {
        if (WorkerMetrics.ResultSize.Enabled)
        {
            WorkerMetrics.ResultSize.Record(JsonSerializer.SerializeToUtf8Bytes(result, ConductorJson.Wire).Length, new KeyValuePair<string, object?>("taskType", taskType));
        }

        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), options.LongestBackoff);
        var replaced = false;
        while (true)
        {
            var started = options.TimeProvider.GetTimestamp();
            var next = !_plainOnly && wantsNext();
            try
            {
                var polled = next ? await client.UpdateTaskAndPollAsync(result, giveUp) : await PlainAsync(result, giveUp);
                WorkerMetrics.UpdateTime.Record(taskType, options.TimeProvider.GetElapsedTime(started), success: true);
                return polled;
            }
            catch (ConductorException e) when (e is not ConductorUnavailableException && IsRefusal(e))
            {
                WorkerMetrics.UpdateErrors.Count(taskType);
                if (next && e.Status is 404 or 405)
                {
                    _plainOnly = true;
                }
                else if (e.Status == 404 || replaced)
                {
                    options.Logger.LogWarning("The server no longer takes the result of task {TaskId} ({TaskType}): {Reason}", result.TaskId, taskType, e.Message);
                    return null;
                }
                else
                {
                    replaced = true;
                    result = Refused(result, e);
                    options.Logger.LogError("The server refused the result of task {TaskId} ({TaskType}); it is reported as failed: {Reason}", result.TaskId, taskType, e.Message);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException || !giveUp.IsCancellationRequested)
            {
                WorkerMetrics.UpdateErrors.Count(taskType);
                WorkerMetrics.UpdateTime.Record(taskType, options.TimeProvider.GetElapsedTime(started), success: false);
                var wait = backoff.Next();
                options.Logger.LogWarning("The result of task {TaskId} ({TaskType}) could not be sent, next try in {Wait}: {Reason}", result.TaskId, taskType, wait, e.Message);
                await Task.Delay(wait, options.TimeProvider, giveUp);
            }
        }
    }

    private async Task<TaskExecution?> PlainAsync(TaskResult result, CancellationToken cancellationToken)
    {
        await client.UpdateTaskAsync(result, cancellationToken);
        return null;
    }

    private static bool IsRefusal(ConductorException e) => !e.Retryable && e.Status is >= 400 and < 500 and not 408 and not 429 and not 401 and not 403;

    private static TaskResult Refused(TaskResult result, ConductorException e) => result with
    {
        Status = TaskResultStatus.FAILED_WITH_TERMINAL_ERROR,
        OutputData = [],
        Logs = [],
        CallbackAfterSeconds = 0,
        ReasonForIncompletion = $"The server refused the task's result ({e.Status}): {e.Message}",
    };
}
