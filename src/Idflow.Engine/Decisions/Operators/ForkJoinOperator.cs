using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>FORK_JOIN: an ended FORK, the first task of each branch, and the JOIN that must follow.</summary>
internal sealed class ForkJoinOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        if (mapping.State.Graph.After(entry.TaskReferenceName!) is not { Type: TaskTypes.Join } join)
        {
            throw new WorkflowEndException(WorkflowStatus.FAILED, "Fork task definition is not followed by a join task.  Check the blueprint");
        }
        return [NewFork(mapping, entry, mapping.Input(entry)), .. entry.ForkTasks.Where(branch => branch.Count > 0).SelectMany(branch => mapping.Map(branch[0])), .. mapping.Map(join)];
    }

    /// <summary>The task of a fork, which has ended when it is scheduled.</summary>
    public static TaskRow NewFork(Mapping mapping, WorkflowTask entry, JsonObject input) =>
        mapping.NewTask(entry, TaskTypes.Fork, TaskExecutionStatus.COMPLETED, input) with
        {
            TaskDefName = TaskTypes.Fork,
            StartTime = mapping.Context.Now,
            EndTime = mapping.Context.Now,
        };
}
