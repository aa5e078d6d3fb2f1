using Idflow.Conductor.Model;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Expressions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>Whether a task that ended badly is attempted again, and when.</summary>
internal static class RetryPolicy
{
    /// <returns>The new attempt; null when the flow goes on without one.</returns>
    /// <exception cref="WorkflowEndException">No attempt is left, and the task is neither optional nor permissive.</exception>
    public static TaskRow? Decide(WorkflowState state, DecisionContext context, TaskRow task)
    {
        var entry = task.Entry;
        var definition = entry?.TaskDefinition;
        var limit = entry?.RetryCount ?? definition?.RetryCount ?? 0;
        if (task.Status.IsRetriable() && OperatorTable.IsRetried(task.TaskType) && limit > task.RetryCount)
        {
            CheckBudget(context, task, definition);
            return NextAttempt(state, context, task, DelaySeconds(definition ?? new TaskDef(), task.RetryCount), Jitter(context, definition));
        }
        if (entry is { Optional: true } or { Permissive: true })
        {
            return null;
        }
        throw Failure(task);
    }

    /// <summary>How a workflow ends when this task is its end.</summary>
    public static WorkflowEndException Failure(TaskRow task)
    {
        var status = WorkflowStatusFor(task.Status);
        return new WorkflowEndException(status, $"Task {task.TaskId} failed with status: {status} and reason: '{task.Reason ?? "null"}'", task.TaskId);
    }

    public static WorkflowStatus WorkflowStatusFor(TaskExecutionStatus status) => status switch
    {
        TaskExecutionStatus.CANCELED => WorkflowStatus.TERMINATED,
        TaskExecutionStatus.TIMED_OUT => WorkflowStatus.TIMED_OUT,
        _ => WorkflowStatus.FAILED,
    };

    /// <summary>The seconds before the attempt after number <paramref name="attempt"/> (from 0), without jitter.</summary>
    public static int DelaySeconds(TaskDef definition, int attempt)
    {
        var exact = definition.RetryLogic switch
        {
            RetryLogic.LINEAR_BACKOFF => (double)definition.RetryDelaySeconds * Math.Max(1, definition.BackoffScaleFactor) * (attempt + 1),
            RetryLogic.EXPONENTIAL_BACKOFF => definition.RetryDelaySeconds * Math.Pow(2, attempt),
            _ => definition.RetryDelaySeconds,
        };
        var delay = (int)Math.Min(exact, int.MaxValue);
        return definition.MaxRetryDelaySeconds > 0 ? Math.Min(delay, definition.MaxRetryDelaySeconds) : delay;
    }

    private static long Jitter(DecisionContext context, TaskDef? definition) => definition is { BackoffJitterMs: > 0 and var most } ? context.Ids.Random(most) : 0;

    /// <summary>A fresh attempt of a task, with its old input under newly evaluated parameters.</summary>
    public static TaskRow NextAttempt(WorkflowState state, DecisionContext context, TaskRow task, int delaySeconds = 0, long jitterMs = 0, bool withTemplate = false)
    {
        var taskId = context.Ids.NewId();
        var input = task.Input;
        long? overflow = null;
        if (task.Entry is { InputParameters.Count: > 0 } entry)
        {
            try
            {
                input = TaskInputs.Overlay(input, task.EntryIsData ? entry.InputParameters : TaskInputs.Build(entry, state, context, taskId, withTemplate));
            }
            catch (PayloadOverflowException tooLarge)
            {
                overflow = tooLarge.Bytes;
            }
        }
        var attempt = task with
        {
            TaskId = taskId,
            RetriedTaskId = task.TaskId,
            RetryCount = task.RetryCount + 1,
            Status = TaskExecutionStatus.SCHEDULED,
            PollCount = 0,
            Seq = 0,
            Input = input,
            Output = [],
            ScheduledTime = context.Now,
            StartTime = 0,
            EndTime = 0,
            UpdateTime = 0,
            WorkerId = null,
            SubWorkflowId = null,
            Retried = false,
            Executed = false,
            StartDelaySeconds = delaySeconds,
            CallbackAfterSeconds = delaySeconds,
            DueTime = context.Now + delaySeconds * 1000L + jitterMs,
        };
        if (overflow is { } bytes)
        {
            return PayloadLimits.WithoutInput(attempt, context, bytes);
        }
        return OperatorTable.KindOf(attempt) == OperatorKind.Open ? OperatorTable.Of(attempt.TaskType).Open(attempt, context.Now) : attempt;
    }

    private static void CheckBudget(DecisionContext context, TaskRow task, TaskDef? definition)
    {
        if (definition is not { TotalTimeoutSeconds: > 0 and var total } || task.FirstScheduledTime == 0)
        {
            return;
        }
        var elapsed = (context.Now - task.FirstScheduledTime) / 1000;
        if (elapsed >= total)
        {
            var status = task.Status == TaskExecutionStatus.TIMED_OUT ? WorkflowStatus.TIMED_OUT : WorkflowStatus.FAILED;
            throw new WorkflowEndException(status,
                $"Task {task.TaskId}/{task.TaskDefName} exceeded total timeout of {total} seconds (elapsed {elapsed} seconds across all attempts). No further retries will be attempted.", task.TaskId);
        }
    }
}
