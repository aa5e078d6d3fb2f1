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

    public TaskRow Execute(Execution execution, TaskRow task)
    {
        var iteration = (int?)task.Output["iteration"] ?? 0;
        if (iteration == 0)
        {
            var items = LoopItems.Of(execution.State, execution.Context, task);
            return items is { Count: 0 }
                ? Ended(execution, task with { Output = new JsonObject { ["iteration"] = 0 } }, TaskExecutionStatus.COMPLETED)
                : Enter(execution, task, 1, items);
        }
        if (FailedMember(execution, task, iteration) is { } failed)
        {
            return Ended(execution, task, TaskExecutionStatus.FAILED, $"{failed.Reason ?? "null"} ");
        }
        if (!IsBodyDone(execution, task, iteration))
        {
            return task;
        }
        bool goOn;
        JsonArray? list;
        try
        {
            list = LoopItems.Of(execution.State, execution.Context, task);
            goOn = (list is null || iteration < list.Count) && ConditionHolds(execution, task, list is not null);
        }
        catch (ScriptException error)
        {
            return Ended(execution, task, TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, $"Unable to evaluate condition {task.Entry!.LoopCondition}, exception {error.Message}");
        }
        if (!goOn)
        {
            return Ended(execution, task, TaskExecutionStatus.COMPLETED);
        }
        var limit = execution.Context.Services.Limits.LoopIterations;
        return iteration >= limit
            ? Ended(execution, task, TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, $"The loop reached the limit of {limit} iterations")
            : Enter(execution, task, iteration + 1, list);
    }

    private static TaskRow Enter(Execution execution, TaskRow task, int iteration, JsonArray? items)
    {
        var entered = InPass(task, iteration, items);
        execution.State.Put(entered);
        DropOldIterations(execution, entered, iteration);
        execution.Schedule(execution.FirstOfIteration(entered, iteration));
        return execution.State.Find(task.TaskId)!;
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

    private static void DropOldIterations(Execution execution, TaskRow loop, int iteration)
    {
        if (loop.Input["keepLastN"] is not JsonValue value || !value.TryGetValue<int>(out var keep) || keep < 1 || iteration <= keep)
        {
            return;
        }
        foreach (var old in execution.State.MembersOf(loop.ReferenceName, iteration - keep))
        {
            var inner = old.TaskType == TaskTypes.DoWhile ? execution.State.AllMembersOf(old.ReferenceName) : [];
            foreach (var task in inner.Append(old))
            {
                execution.State.Remove(task);
            }
        }
    }

    private static TaskRow? FailedMember(Execution execution, TaskRow task, int iteration) =>
        execution.State.Graph.MembersOf(task.PlainName).Select(name => execution.Member(task, name, iteration)).OfType<TaskRow>()
            .Where(member => member.IsTerminal && !member.Status.IsSuccessful() && member.Entry is { Optional: false }).MinBy(member => member.Seq);

    private static bool IsBodyDone(Execution execution, TaskRow task, int iteration) =>
        task.Entry!.LoopOver.All(entry => execution.Member(task, entry.TaskReferenceName!, iteration) is { IsTerminal: true, Executed: true })
        && !execution.State.HasOpenMember(task.ReferenceName, iteration);

    /// <summary>Without a condition a loop goes through its list, or once through its body.</summary>
    private static bool ConditionHolds(Execution execution, TaskRow task, bool hasItems) =>
        string.IsNullOrWhiteSpace(task.Entry!.LoopCondition) ? hasItems : LoopCondition.Holds(execution.State, execution.Context, task);

    private static TaskRow Ended(Execution execution, TaskRow task, TaskExecutionStatus status, string? reason = null) =>
        task with { Status = status, Reason = reason ?? task.Reason, EndTime = execution.Context.Now };
}
