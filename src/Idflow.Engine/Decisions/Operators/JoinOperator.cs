using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>JOIN: waits until the tasks named in <c>joinOn</c> have ended. Its output is theirs; see <see cref="TaskOutputs"/>.</summary>
internal sealed class JoinOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry) => [NewJoin(mapping, entry, new JsonObject { [JoinOn.InputKey] = JoinOn.ToInput(entry.JoinOn) })];

    public static TaskRow NewJoin(Mapping mapping, WorkflowTask entry, JsonObject input) =>
        mapping.NewTask(entry, TaskTypes.Join, TaskExecutionStatus.IN_PROGRESS, input) with { TaskDefName = TaskTypes.Join };

    public TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task)
    {
        var members = JoinOn.Scheduled(state, task);
        var haveAllEnded = members.Count == JoinOn.Names(task).Count() && members.All(member => member.IsTerminal);
        var failed = members.Where(member => JoinOn.FailsJoin(member, haveAllEnded)).ToList();
        if (failed.Count > 0)
        {
            var status = failed.All(member => member.Status == TaskExecutionStatus.CANCELED) ? TaskExecutionStatus.CANCELED : TaskExecutionStatus.FAILED;
            return task.Ended(status, context.Now, string.Join(' ', failed.Select(member => member.Reason)));
        }
        if (!haveAllEnded)
        {
            return task;
        }
        var withErrors = members.Where(member => member.Status == TaskExecutionStatus.COMPLETED_WITH_ERRORS).ToList();
        return withErrors.Count == 0
            ? task.Ended(TaskExecutionStatus.COMPLETED, context.Now)
            : task.Ended(TaskExecutionStatus.COMPLETED_WITH_ERRORS, context.Now,
                string.Join(' ', withErrors.Select(member => $"{member.TaskDefName}/{member.TaskId}")) + " completed with errors");
    }
}
