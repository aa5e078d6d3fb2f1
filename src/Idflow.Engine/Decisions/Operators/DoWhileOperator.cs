using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Definitions;
using Idflow.Engine.State;
using Idflow.Scripting;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>
/// DO_WHILE: runs its body again while the condition holds, or once for each item of a list. The task holds the number of
/// the iteration only; the outputs of the iterations are put together when they are read.
/// </summary>
internal sealed class DoWhileOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        if (entry.LoopOver.Count == 0)
        {
            throw new WorkflowEndException(WorkflowStatus.FAILED, $"The loop {entry.TaskReferenceName} has nothing to loop over: loopOver is empty");
        }
        var taskId = mapping.Context.Ids.NewId();
        var input = mapping.Input(entry, taskId, withTemplate: true);
        return [mapping.NewTask(entry, TaskTypes.DoWhile, TaskExecutionStatus.IN_PROGRESS, input, taskId)];
    }

    public TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task)
    {
        var iteration = (int?)task.Output["iteration"] ?? 0;
        if (iteration == 0)
        {
            var items = LoopItems.Of(state, context, task);
            return items is { Count: 0 }
                ? task.Ended(TaskExecutionStatus.COMPLETED, context.Now) with { Output = new JsonObject { ["iteration"] = 0 } }
                : Enter(state, context, task, 1, items);
        }
        if (FailedMember(state, task, iteration) is { } failed)
        {
            return task.Ended(TaskExecutionStatus.FAILED, context.Now, $"{failed.Reason ?? "null"} ");
        }
        if (!IsBodyDone(state, task, iteration))
        {
            return task;
        }
        task = PayloadLimits.WithOutputChecked(state, task, context);
        if (task.IsTerminal)
        {
            return task;
        }
        bool goOn;
        JsonArray? list;
        try
        {
            list = LoopItems.Of(state, context, task);
            goOn = (list is null || iteration < list.Count) && ConditionHolds(state, context, task, list is not null);
        }
        catch (ScriptException error)
        {
            return task.Ended(TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, context.Now, $"Unable to evaluate condition {task.Entry!.LoopCondition}, exception {error.Message}");
        }
        if (!goOn)
        {
            return task.Ended(TaskExecutionStatus.COMPLETED, context.Now);
        }
        var limit = context.Services.Limits.LoopIterations;
        return iteration >= limit
            ? task.Ended(TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, context.Now, $"The loop reached the limit of {limit} iterations")
            : Enter(state, context, task, iteration + 1, list);
    }

    private static TaskRow Enter(WorkflowState state, DecisionContext context, TaskRow task, int iteration, JsonArray? items)
    {
        var entered = InPass(task, iteration, items);
        state.Put(entered);
        DropOldIterations(state, entered, iteration);
        Decider.Schedule(state, context, new Mapping(state, context, entered.ReferenceName, iteration).Map(entered.Entry!.LoopOver[0]));
        return state.Find(task.TaskId)!;
    }

    /// <summary>A loop as it is in one of its passes.</summary>
    public static TaskRow InPass(TaskRow loop, int iteration, JsonArray? items)
    {
        var output = new JsonObject { ["iteration"] = iteration };
        if (items is not null)
        {
            output["loopIndex"] = iteration - 1;
            output["loopItem"] = items.Count >= iteration ? items[iteration - 1]?.DeepClone() : null;
        }
        return loop with { Iteration = iteration, Output = output };
    }

    private static void DropOldIterations(WorkflowState state, TaskRow loop, int iteration)
    {
        if (loop.Input["keepLastN"] is not JsonValue value || !value.TryGetValue<int>(out var keep) || keep < 1 || iteration <= keep)
        {
            return;
        }
        state.Sizes.Forget(loop, iteration - keep);
        foreach (var old in state.MembersOf(loop.ReferenceName, iteration - keep))
        {
            var inner = old.TaskType == TaskTypes.DoWhile ? state.AllMembersOf(old.ReferenceName) : [];
            foreach (var task in inner.Append(old))
            {
                state.Remove(task);
            }
        }
    }

    private static TaskRow? FailedMember(WorkflowState state, TaskRow task, int iteration) =>
        state.Graph.MembersOf(task.PlainName).Select(name => Member(state, task, name, iteration)).OfType<TaskRow>()
            .Where(member => member.IsTerminal && !member.Status.IsSuccessful() && member.Entry is { Optional: false }).MinBy(member => member.Seq);

    private static bool IsBodyDone(WorkflowState state, TaskRow task, int iteration) =>
        task.Entry!.LoopOver.All(entry => Member(state, task, entry.TaskReferenceName!, iteration) is { IsTerminal: true, Executed: true })
        && !state.HasOpenMember(task.ReferenceName, iteration);

    /// <summary>Without a condition a loop goes through its list, or once through its body.</summary>
    private static bool ConditionHolds(WorkflowState state, DecisionContext context, TaskRow task, bool hasItems) =>
        string.IsNullOrWhiteSpace(task.Entry!.LoopCondition) ? hasItems : LoopCondition.Holds(state, context, task);

    /// <summary>The last attempt of a member in a pass.</summary>
    private static TaskRow? Member(WorkflowState state, TaskRow loop, string reference, int iteration) =>
        state.Latest(ReferenceNames.InIteration(reference, loop.ReferenceName, iteration));
}
