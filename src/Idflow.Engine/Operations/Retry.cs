using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Execution;
using Idflow.Engine.State;

namespace Idflow.Engine.Operations;

/// <summary>
/// An operator's retry: the last attempt of every task that ended badly is attempted again, whatever the retry limits say.
/// Forks, joins and loops open again in place.
/// </summary>
internal static class Retry
{
    private static readonly HashSet<string> InPlace = [TaskTypes.DoWhile, TaskTypes.Fork, TaskTypes.ForkJoin, TaskTypes.Join, TaskTypes.ExclusiveJoin];

    /// <param name="tell">What the parent is told; null when there is none.</param>
    public static void Apply(WorkflowState state, ChangeUnit unit, Effect.ReviveParent? tell) => Apply(state, unit, tell, goesOnAnyway: false);

    /// <summary>Of a child whose parent is open again: it goes on also with nothing to attempt again, when it was terminated between two tasks.</summary>
    /// <param name="tell">The parent that was opened: should that never reach the disk, the child ends again with it.</param>
    public static void OfChild(WorkflowState state, ChangeUnit unit, Effect.ReviveParent? tell) => Apply(state, unit, tell, goesOnAnyway: true);

    private static void Apply(WorkflowState state, ChangeUnit unit, Effect.ReviveParent? tell, bool goesOnAnyway)
    {
        if (!state.Row.Status.IsTerminal())
        {
            throw ConductorException.NotFound($"Workflow is still running.  status={state.Row.Status}");
        }
        if (state.TaskCount == 0)
        {
            throw ConductorException.Conflict("Workflow has not started yet");
        }
        var (reopened, failed) = Select(state);
        if (failed.Count == 0 && state.Row.Status != WorkflowStatus.TIMED_OUT && !goesOnAnyway)
        {
            throw ConductorException.Conflict("There are no retryable tasks! Use restart if you want to attempt entire workflow execution again.");
        }
        Reopen(state, unit, tell);
        reopened.ForEach(task => state.Put(Opened(task, unit)));
        foreach (var task in failed)
        {
            if (InPlace.Contains(task.TaskType))
            {
                state.Put(Opened(task, unit) with { RetryCount = task.RetryCount + 1 });
            }
            else
            {
                state.Put(task with { Retried = true, Executed = true });
                Schedule(state, unit, task);
            }
        }
        unit.Decide(state);
    }

    /// <summary>An ended workflow runs again.</summary>
    public static void Reopen(WorkflowState state, ChangeUnit unit, Effect.ReviveParent? tell)
    {
        state.Put(state.Row.RunningAgain(unit.Context.Now));
        Tell(state, tell);
    }

    /// <summary>The parent of a workflow that is set going again opens again too.</summary>
    public static void Tell(WorkflowState state, Effect.ReviveParent? tell)
    {
        if (tell is not null)
        {
            state.Emit(tell);
        }
    }

    public static TaskRow Opened(TaskRow task, ChangeUnit unit) => task with
    {
        Status = TaskExecutionStatus.IN_PROGRESS,
        Reason = null,
        EndTime = 0,
        Executed = false,
        OutputDropped = false,
        UpdateTime = unit.Context.Now,
    };

    private static void Schedule(WorkflowState state, ChangeUnit unit, TaskRow task)
    {
        var attempt = RetryPolicy.NextAttempt(state, unit.Context, task, withTemplate: true) with { Reason = null, Seq = state.NextSeq(), UpdateTime = unit.Context.Now };
        attempt = PayloadLimits.Checked(state, attempt, unit.Context);
        state.Put(attempt);
        state.Flag(attempt);
    }

    /// <summary>Joins and loops that open again as they are, and the tasks to attempt again, by sequence.</summary>
    private static (List<TaskRow> Reopened, List<TaskRow> Failed) Select(WorkflowState state)
    {
        var reopened = new List<TaskRow>();
        var failed = new Dictionary<string, TaskRow>();
        foreach (var task in state.Tasks)
        {
            switch (task.Status)
            {
                case TaskExecutionStatus.CANCELED when task.TaskType is TaskTypes.Join or TaskTypes.DoWhile:
                case TaskExecutionStatus.FAILED when task.TaskType is TaskTypes.Join or TaskTypes.ExclusiveJoin && HasPermissiveFailure(state, task):
                    reopened.Add(task);
                    break;
                case TaskExecutionStatus.FAILED or TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR or TaskExecutionStatus.TIMED_OUT or TaskExecutionStatus.CANCELED:
                    failed[task.ReferenceName] = task;
                    break;
                default:
                    failed.Remove(task.ReferenceName);
                    break;
            }
        }
        return (reopened, [.. failed.Values.OrderBy(task => task.Seq)]);
    }

    private static bool HasPermissiveFailure(WorkflowState state, TaskRow join) =>
        JoinOn.Scheduled(state, join).Any(task => task is { Entry.Permissive: true } && !task.Status.IsSuccessful());
}
