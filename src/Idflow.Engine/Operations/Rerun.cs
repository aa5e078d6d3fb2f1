using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Definitions;
using Idflow.Engine.Execution;
using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Operations;

/// <summary>Running an ended workflow again from its start, or from one of its tasks; all that came after is dropped, in one commit.</summary>
internal static class Rerun
{
    public static void FromStart(WorkflowState state, ChangeUnit unit, WorkflowGraph graph, JsonObject? input, string? correlationId)
    {
        var now = unit.Context.Now;
        state.Restart(state.Row with
        {
            SnapshotId = graph.SnapshotId,
            Version = graph.Definition.Version,
            Status = WorkflowStatus.RUNNING,
            Input = (JsonObject?)input?.DeepClone() ?? state.Row.Input,
            CorrelationId = correlationId ?? state.Row.CorrelationId,
            Output = [],
            Reason = null,
            FailedTaskId = null,
            FailedReferenceNames = [],
            FailedTaskNames = [],
            CreateTime = now,
            UpdateTime = now,
            EndTime = 0,
            LastRetriedTime = 0,
        }, graph);
        EmitRevival(state);
        unit.Decide(state);
    }

    public static void FromTask(WorkflowState state, ChangeUnit unit, TaskRow target, JsonObject? taskInput)
    {
        if (!IsChild(target))
        {
            foreach (var later in state.Tasks.Where(task => task.Seq > target.Seq).ToList())
            {
                state.Remove(later);
            }
        }
        state.Put(state.Row with
        {
            Status = WorkflowStatus.RUNNING,
            Reason = null,
            FailedTaskId = null,
            FailedReferenceNames = [],
            FailedTaskNames = [],
            EndTime = 0,
            LastRetriedTime = unit.Context.Now,
            UpdateTime = unit.Context.Now,
        });
        var isMappedAgain = target.TaskType is TaskTypes.Fork or TaskTypes.Switch or TaskTypes.Decision;
        if (isMappedAgain)
        {
            state.Remove(target);
        }
        else
        {
            state.Put(Reset(target, unit, taskInput));
        }
        ReviveOthers(state, unit, target);
        state.Reindex();
        if (isMappedAgain)
        {
            // Forks and switches are made together with what they lead to.
            Decider.Schedule(state, unit.Context, new Mapping(state, unit.Context, target.Loop, target.LoopIteration).Map(target.Entry!));
        }
        EmitRevival(state);
        unit.Decide(state);
    }

    private static bool IsChild(TaskRow task) => task.TaskType == TaskTypes.SubWorkflow;

    private static TaskRow Reset(TaskRow target, ChangeUnit unit, JsonObject? taskInput)
    {
        var now = unit.Context.Now;
        var kind = OperatorTable.KindOf(target);
        var reset = target with
        {
            Status = kind is OperatorKind.Worker or OperatorKind.Async ? TaskExecutionStatus.SCHEDULED : TaskExecutionStatus.IN_PROGRESS,
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
        };
        return kind == OperatorKind.Open ? OperatorTable.Of(target.TaskType).Open(reset, now) : reset;
    }

    /// <summary>What ended badly beside the target, and stays, runs again too.</summary>
    private static void ReviveOthers(WorkflowState state, ChangeUnit unit, TaskRow target)
    {
        foreach (var task in state.Tasks.Where(task => task.TaskId != target.TaskId && task is { IsTerminal: true, Retried: false } && !task.Status.IsSuccessful()).ToList())
        {
            state.Put(Reset(task, unit, null) with { Output = task.Output });
        }
    }

    private static void EmitRevival(WorkflowState state)
    {
        if (state.Row.ParentWorkflowId is not null)
        {
            state.Emit(Effects.ReviveParent(state));
        }
    }
}
