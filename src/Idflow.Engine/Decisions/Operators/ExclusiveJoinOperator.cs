using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>EXCLUSIVE_JOIN: goes on with the first task of its list that ran, or of its default list.</summary>
internal sealed class ExclusiveJoinOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        var input = new JsonObject
        {
            [JoinOn.InputKey] = JoinOn.ToInput(entry.JoinOn),
            [JoinOn.DefaultInputKey] = JoinOn.ToInput(entry.DefaultExclusiveJoinTask),
        };
        return [mapping.NewTask(entry, TaskTypes.ExclusiveJoin, TaskExecutionStatus.IN_PROGRESS, input) with { TaskDefName = TaskTypes.ExclusiveJoin }];
    }

    public TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task)
    {
        var listed = Ran(state, context, task, JoinOn.InputKey);
        var chosen = listed.FirstOrDefault() is { IsTerminal: true } first ? first : Ran(state, context, task, JoinOn.DefaultInputKey).FirstOrDefault();
        if (chosen is not { IsTerminal: true })
        {
            return task;
        }
        if (chosen.Status.IsSuccessful())
        {
            return task.Ended(TaskExecutionStatus.COMPLETED, context.Now) with { Output = (JsonObject)TaskOutputs.Of(state, chosen).DeepClone() };
        }
        var waits = chosen.Entry is { Permissive: true } && !listed.All(member => member.IsTerminal);
        return waits ? task : task.Ended(TaskExecutionStatus.FAILED, context.Now, chosen.Reason);
    }

    private static List<TaskRow> Ran(WorkflowState state, DecisionContext context, TaskRow task, string key) =>
        [.. JoinOn.Scheduled(state, task, key).Where(member => member.Status != TaskExecutionStatus.SKIPPED)];
}
