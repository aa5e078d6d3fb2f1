using Idflow.Conductor.Model;

namespace Idflow.Workers.Execution;

/// <summary>What Conductor will do with a failed attempt, as its task definition says.</summary>
internal static class RetryPolicy
{
    /// <summary>
    /// The wait before the next attempt (Conductor's formula: FIXED D, LINEAR D*B*(n+1), EXPONENTIAL D*2^n, capped), or null
    /// when no attempt is left.
    /// </summary>
    public static TimeSpan? NextDelay(TaskExecution task, TaskDef registered)
    {
        var policy = task.WorkflowTask?.TaskDefinition ?? task.TaskDefinition ?? registered;
        if (task.RetryCount >= (task.WorkflowTask?.RetryCount ?? policy.RetryCount))
        {
            return null;
        }

        double seconds = policy.RetryDelaySeconds;
        seconds *= policy.RetryLogic switch
        {
            RetryLogic.LINEAR_BACKOFF => Math.Max(1, policy.BackoffScaleFactor) * (task.RetryCount + 1.0),
            RetryLogic.EXPONENTIAL_BACKOFF => Math.Pow(2, task.RetryCount),
            _ => 1,
        };
        seconds = policy.MaxRetryDelaySeconds > 0 ? Math.Min(seconds, policy.MaxRetryDelaySeconds) : Math.Min(seconds, int.MaxValue);
        return TimeSpan.FromSeconds(seconds);
    }

    /// <summary>How long to hold a failure back so that the next attempt comes no earlier than the failing service asked.</summary>
    public static TimeSpan HoldBack(TimeSpan? retryAfter, TimeSpan most, TimeSpan? nextDelay)
    {
        if (retryAfter is not { } wanted || nextDelay is not { } delay)
        {
            return TimeSpan.Zero;
        }

        var hold = (wanted < most ? wanted : most) - delay;
        return hold > TimeSpan.Zero ? hold : TimeSpan.Zero;
    }
}
