using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Expressions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>
/// Carries a workflow on as far as it can go without the outside. Each pass looks at the agenda only: it settles tasks that have
/// ended (retry, optional, permissive), derives what follows them, schedules that, and runs the operators that the decider itself
/// carries out; a pass that changes something is followed by another. Pure: all it does is put rows into the state.
/// </summary>
internal static class Decider
{
    /// <returns>False when the limit of passes was reached and the workflow has more to do.</returns>
    /// <exception cref="ConductorException">400: the very first task cannot be made with the values it gets.</exception>
    public static bool Decide(WorkflowState state, DecisionContext context)
    {
        try
        {
            for (var passes = 0; passes < context.Services.Limits.PassesPerDecision; passes++)
            {
                if (!Pass(state, context))
                {
                    return true;
                }
            }
            return false;
        }
        catch (WorkflowEndException end)
        {
            Ending.Unsuccessful(state, context, end.Status, end.Reason, end.TaskId);
            return true;
        }
        catch (PayloadOverflowException overflow)
        {
            Ending.Unsuccessful(state, context, WorkflowStatus.FAILED, overflow.Message, null);
            return true;
        }
        catch (InvalidEntryException error)
        {
            if (state.TaskCount == 0)
            {
                // The values are those of the start, or of the rerun: whoever gave them is told.
                throw ConductorException.BadRequest(error.Message);
            }
            Ending.Unsuccessful(state, context, WorkflowStatus.FAILED, error.Message, null);
            return true;
        }
    }

    /// <summary>A task's time has come: a WAIT is over, or a limit has run out.</summary>
    /// <returns>False when nothing came of it.</returns>
    public static bool OnDeadline(WorkflowState state, DecisionContext context, TaskRow task)
    {
        try
        {
            TaskTimeout.Apply(state, context, task);
            return state.IsChanged;
        }
        catch (WorkflowEndException end)
        {
            Ending.Unsuccessful(state, context, end.Status, end.Reason, end.TaskId);
            return false;
        }
    }

    /// <returns>True when another pass may find something to do.</returns>
    private static bool Pass(WorkflowState state, DecisionContext context)
    {
        if (state.Row.Status.IsTerminal())
        {
            return false;
        }
        WorkflowTimeout.Check(state, context);
        if (state.Row.Status == WorkflowStatus.PAUSED)
        {
            return false;
        }
        var agenda = state.TakeAgenda();
        var next = new List<TaskRow>();
        var derived = new List<TaskRow>();
        if (state.TaskCount == 0)
        {
            next.AddRange(Successors.First(state, context));
        }
        foreach (var task in agenda)
        {
            Settle(state, context, task, next, derived);
        }
        if (derived.Find(task => task is { TaskType: TaskTypes.Terminate, Status: TaskExecutionStatus.COMPLETED }) is { } terminate)
        {
            Ending.ByTerminateTask(state, context, terminate);
            return false;
        }
        if (next.Count == 0 && Completion.IsComplete(state))
        {
            Ending.Complete(state, context);
            return false;
        }
        derived.ForEach(task => state.Put(state.Find(task.TaskId)! with { Executed = true }));
        Schedule(state, context, next);
        RunOperators(state, context, agenda, next);
        return state.HasAgenda;
    }

    /// <summary>What an ended task brings: another attempt, the end of the workflow, or its successors.</summary>
    private static void Settle(WorkflowState state, DecisionContext context, TaskRow listed, List<TaskRow> next, List<TaskRow> derived)
    {
        var task = state.Find(listed.TaskId);
        if (task is not { IsTerminal: true, Executed: false, Retried: false })
        {
            return;
        }
        if (!task.Status.IsSuccessful())
        {
            if (RetryPolicy.Decide(state, context, task) is { } attempt)
            {
                state.Put(task with { Retried = true });
                next.Add(attempt);
                return;
            }
            if (task.Entry is { Optional: true })
            {
                task = task with { Status = TaskExecutionStatus.COMPLETED_WITH_ERRORS };
                state.Put(task);
            }
        }
        derived.Add(task);
        next.AddRange(Successors.Of(state, context, task).Where(follower => next.TrueForAll(other => other.ReferenceName != follower.ReferenceName)));
    }

    /// <summary>Adds new tasks to the workflow, in this order.</summary>
    public static void Schedule(WorkflowState state, DecisionContext context, IReadOnlyList<TaskRow> tasks)
    {
        var limit = context.Services.Limits.TasksPerWorkflow;
        if (state.TaskCount + tasks.Count > limit)
        {
            throw new WorkflowEndException(WorkflowStatus.FAILED, $"A workflow may have {limit} tasks; this one would have more");
        }
        foreach (var task in tasks)
        {
            var scheduled = task with
            {
                Seq = state.NextSeq(),
                FirstScheduledTime = task.FirstScheduledTime == 0 ? context.Now : task.FirstScheduledTime,
                UpdateTime = context.Now,
                Domain = OperatorTable.KindOf(task) == OperatorKind.Worker ? Domains.Choose(state, context, task.TaskType) : task.Domain,
            };
            var accepted = PayloadLimits.Checked(state, scheduled, context);
            state.Put(accepted);
            if (!accepted.IsTerminal)
            {
                state.Flag(accepted);
            }
        }
    }

    private static void RunOperators(WorkflowState state, DecisionContext context, IReadOnlyList<TaskRow> agenda, IReadOnlyList<TaskRow> scheduled)
    {
        foreach (var id in agenda.Select(task => task.TaskId).Concat(scheduled.Select(task => task.TaskId)).Distinct())
        {
            state.Unflag(id);
            if (state.Find(id) is not { IsTerminal: false } task || OperatorTable.KindOf(task) != OperatorKind.Sync)
            {
                continue;
            }
            var after = OperatorTable.Of(task.TaskType).Execute(state, context, task);
            if (!ReferenceEquals(after, task) && !ReferenceEquals(after, state.Find(id)))
            {
                var updated = after with { UpdateTime = context.Now };
                state.Put(PayloadLimits.HasNewOutput(task, updated) ? PayloadLimits.Checked(state, updated, context) : updated);
            }
        }
    }
}
