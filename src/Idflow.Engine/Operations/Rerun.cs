using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Definitions;
using Idflow.Engine.Execution;
using Idflow.Engine.State;

namespace Idflow.Engine.Operations;

/// <summary>Running an ended workflow again from its start, or from one of its tasks; all that came after is dropped, in one commit. Its output stays until there is another.</summary>
internal static class Rerun
{
    public static void FromStart(WorkflowState state, ChangeUnit unit, Effect.ReviveParent? tell)
    {
        state.Restart(Running(state.Row, unit), state.Graph);
        Retry.Tell(state, tell);
        unit.Decide(state);
    }

    public static void FromTask(WorkflowState state, ChangeUnit unit, TaskRow target, JsonObject? taskInput, Effect.ReviveParent? tell)
    {
        DropWhatFollows(state, unit, target);
        state.Put(Running(state.Row, unit));
        ReviveOthers(state, unit, target);
        GoBackInLoops(state, unit, target);
        var isMappedAgain = target.Status == TaskExecutionStatus.SKIPPED || target.TaskType is TaskTypes.Fork or TaskTypes.Switch or TaskTypes.Decision;
        if (isMappedAgain)
        {
            state.Remove(target);
        }
        else
        {
            state.Put(Reset(state, target, unit, taskInput));
        }
        state.Reindex();
        if (isMappedAgain)
        {
            // Forks and switches are made together with what they lead to; a task that was skipped has never been made.
            var given = taskInput is null ? null : ((WorkflowTask, JsonObject)?)(target.Entry!, taskInput);
            Decider.Schedule(state, unit.Context, new Mapping(state, unit.Context, target.Loop, target.LoopIteration, given: given).Map(target.Entry!));
        }
        Retry.Tell(state, tell);
        unit.Decide(state);
    }

    /// <summary>
    /// Tasks of branches beside the target stay; after a child nothing is dropped, as its tasks ran elsewhere. In a loop it is: the loop
    /// goes back to the child's pass, and would find what it is to schedule there already.
    /// </summary>
    private static void DropWhatFollows(WorkflowState state, ChangeUnit unit, TaskRow target)
    {
        if (target is { TaskType: TaskTypes.SubWorkflow, Loop: null })
        {
            return;
        }
        var order = new FlowOrder(state, target);
        var isPlanned = state.Graph.Find(target.PlainName) is null;
        foreach (var later in state.Tasks.Where(task => task.TaskId != target.TaskId && task.Status != TaskExecutionStatus.SKIPPED && order.IsAfter(task)).ToList())
        {
            if (isPlanned && later.TaskType == TaskTypes.Join && JoinOn.AllNames(later).Contains(target.ReferenceName))
            {
                // The branches of a dynamic fork do not know their join: it cannot come anew when they end.
                state.Put(Reset(state, later, unit, null));
            }
            else
            {
                state.Remove(later);
            }
        }
    }

    /// <summary>The loops around the target are in its pass again.</summary>
    private static void GoBackInLoops(WorkflowState state, ChangeUnit unit, TaskRow target)
    {
        for (var member = target; member.Loop is { } name && state.Latest(name) is { } loop; member = loop)
        {
            var opened = Retry.Opened(loop, unit);
            state.Put(DoWhileOperator.InPass(opened, member.LoopIteration, LoopItems.Of(state, unit.Context, opened)));
        }
    }

    private static WorkflowRow Running(WorkflowRow row, ChangeUnit unit) =>
        row.RunningAgain(unit.Context.Now) with { FailedTaskId = null, FailedReferenceNames = [], FailedTaskNames = [] };

    private static TaskRow Reset(WorkflowState state, TaskRow target, ChangeUnit unit, JsonObject? taskInput)
    {
        var now = unit.Context.Now;
        var kind = OperatorTable.KindOf(target);
        var reset = target with
        {
            // An EVENT that is in progress has sent its message.
            Status = kind is OperatorKind.Worker or OperatorKind.Async || target.TaskType == TaskTypes.Event ? TaskExecutionStatus.SCHEDULED : TaskExecutionStatus.IN_PROGRESS,
            Input = (JsonObject?)taskInput?.DeepClone() ?? target.Input,
            Output = [],
            ScheduledTime = now,
            DueTime = 0,
            StartTime = 0,
            EndTime = 0,
            UpdateTime = 0,
            PollCount = 0,
            CallbackAfterSeconds = 0,
            WorkerId = null,
            SubWorkflowId = null,
            Retried = false,
            Executed = false,
            OutputDropped = false,
        };
        return PayloadLimits.Checked(state, kind == OperatorKind.Open ? OperatorTable.Of(target.TaskType).Open(reset, now) : reset, unit.Context);
    }

    /// <summary>What ended badly beside the target, and stays, runs again too.</summary>
    private static void ReviveOthers(WorkflowState state, ChangeUnit unit, TaskRow target)
    {
        foreach (var task in state.Tasks.Where(task => task.TaskId != target.TaskId && task is { IsTerminal: true, Retried: false } && !task.Status.IsSuccessful()).ToList())
        {
            state.Put(Reset(state, task, unit, null) with { Output = task.Output, Reason = null });
        }
    }
}
