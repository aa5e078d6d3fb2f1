using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>What happens to a task at its time: a WAIT is over, a limit has run out.</summary>
internal static class TaskTimeout
{
    /// <exception cref="WorkflowEndException">The policy ends the workflow.</exception>
    public static void Apply(WorkflowState state, DecisionContext context, TaskRow task)
    {
        if (task is { TaskType: TaskTypes.Wait, Status: TaskExecutionStatus.IN_PROGRESS, DueTime: > 0 } && task.DueTime < context.Now)
        {
            // It ended at its time; what follows it starts later.
            state.Put(task.Ended(TaskExecutionStatus.COMPLETED, context.Now) with { EndTime = task.DueTime });
            return;
        }
        foreach (var (limit, time) in Deadlines.Of(task))
        {
            if (time <= context.Now && Expire(state, context, task, limit))
            {
                return;
            }
        }
    }

    private static bool Expire(WorkflowState state, DecisionContext context, TaskRow task, TimeLimit limit)
    {
        var definition = task.Entry!.TaskDefinition!;
        var policy = limit == TimeLimit.Response ? TaskTimeoutPolicy.RETRY : definition.TimeoutPolicy;
        if (policy == TaskTimeoutPolicy.ALERT_ONLY)
        {
            return false;
        }
        var reason = Reason(context, task, definition, limit);
        state.Put(task.Ended(TaskExecutionStatus.TIMED_OUT, context.Now, reason));
        return policy == TaskTimeoutPolicy.TIME_OUT_WF ? throw new WorkflowEndException(WorkflowStatus.TIMED_OUT, reason, task.TaskId) : true;
    }

    private static string Reason(DecisionContext context, TaskRow task, TaskDef definition, TimeLimit limit) => limit switch
    {
        TimeLimit.Total => $"Task timed out after {Seconds(context, task.FirstScheduledTime)} seconds. Timeout configured as {definition.TotalTimeoutSeconds} seconds. Timeout policy configured to {definition.TimeoutPolicy}",
        TimeLimit.Task => $"Task timed out after {Seconds(context, task.StartTime)} seconds. Timeout configured as {definition.TimeoutSeconds} seconds. Timeout policy configured to {definition.TimeoutPolicy}",
        TimeLimit.Poll => $"Task poll timed out after {Seconds(context, task.ScheduledTime)} seconds. Poll timeout configured as {definition.PollTimeoutSeconds} seconds. Timeout policy configured to {definition.TimeoutPolicy}",
        _ => $"responseTimeout: {definition.ResponseTimeoutSeconds} exceeded for the taskId: {task.TaskId} with Task Definition: {task.TaskDefName}",
    };

    private static long Seconds(DecisionContext context, long since) => (context.Now - since) / 1000;
}
