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
            ["joinOn"] = JoinOperator.Names(entry.JoinOn),
            ["defaultExclusiveJoinTask"] = JoinOperator.Names(entry.DefaultExclusiveJoinTask),
        };
        return [mapping.NewTask(entry, TaskTypes.ExclusiveJoin, TaskExecutionStatus.IN_PROGRESS, input) with { TaskDefName = TaskTypes.ExclusiveJoin }];
    }

    public TaskRow Execute(Execution execution, TaskRow task)
    {
        var listed = Ran(execution, task, "joinOn");
        var chosen = listed.FirstOrDefault() is { IsTerminal: true } first ? first : Ran(execution, task, "defaultExclusiveJoinTask").FirstOrDefault();
        if (chosen is not { IsTerminal: true })
        {
            return task;
        }
        if (chosen.Status.IsSuccessful())
        {
            return task with
            {
                Status = TaskExecutionStatus.COMPLETED,
                Output = (JsonObject)TaskOutputs.Of(execution.State, chosen).DeepClone(),
                EndTime = execution.Context.Now,
            };
        }
        var waits = chosen.Entry is { Permissive: true } && !listed.All(member => member.IsTerminal);
        return waits ? task : task with { Status = TaskExecutionStatus.FAILED, Reason = chosen.Reason, EndTime = execution.Context.Now };
    }

    private static List<TaskRow> Ran(Execution execution, TaskRow task, string key) =>
        [.. JoinIndex.Names(task, key).Select(execution.State.Latest).OfType<TaskRow>().Where(member => member.Status != TaskExecutionStatus.SKIPPED)];
}
