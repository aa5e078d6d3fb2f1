using Idflow.Conductor;
using Idflow.Engine.Decisions;
using Idflow.Engine.Queues;
using Idflow.Engine.Retention;
using Idflow.Engine.Schedules;
using Idflow.Engine.Timers;
using Microsoft.Extensions.Logging;

namespace Idflow.Engine.Execution;

/// <summary>What happens when a timer fires: for each kind the part that has set it.</summary>
internal sealed class DueTimers(TaskQueues queues, ScheduleBook schedules, RetentionSweep retention, SystemTaskRunner systemTasks, WorkflowRunner runner, TimerHeap timers, BackgroundWork background, ILogger log)
{
    private const int RetryMs = 1000;

    /// <summary>Does not block.</summary>
    public void Act(TimerKey key, string workflowId)
    {
        switch (key.Kind)
        {
            case TimerKind.QueueDue:
                queues.MakeReady(key.Id);
                break;
            case TimerKind.RateLimit:
                queues.WakeLimited(key.Id);
                break;
            case TimerKind.Schedule:
                schedules.OnTimer(key.Id);
                break;
            case TimerKind.Retention:
                retention.OnTimer();
                break;
            case TimerKind.SystemTaskDue:
                systemTasks.Run(workflowId, key.Id);
                break;
            default:
                background.Run(() => _ = OnDeadlineAsync(key, workflowId));
                break;
        }
    }

    private async Task OnDeadlineAsync(TimerKey key, string workflowId)
    {
        try
        {
            var notYet = await runner.ChangeAsync(workflowId, (state, unit) =>
            {
                unit.OnDeadline(state, key.Kind == TimerKind.TaskDeadline ? key.Id : null);
                var next = DeadlineOf(key, state);
                return next > unit.Context.Now ? next : 0;
            }).ConfigureAwait(false);
            if (notYet > 0)
            {
                // The clock had been set back, or the deadline had moved. It may have come while this was written.
                timers.Set(key, workflowId, notYet);
            }
        }
        catch (ConductorException gone) when (gone.Status == 404)
        {
            // The workflow was removed.
        }
        catch (Exception error)
        {
            log.LogError(error, "The deadline of {Kind} {Id} could not be acted on", key.Kind, key.Id);
            timers.Set(key, workflowId, runner.Now() + RetryMs);
        }
    }

    private static long DeadlineOf(TimerKey key, WorkflowState state) =>
        key.Kind == TimerKind.WorkflowDeadline ? WorkflowTimeout.Deadline(state.Row, state.Graph.Definition)
        : state.Find(key.Id) is { } task ? Deadlines.Next(task)
        : 0;
}
