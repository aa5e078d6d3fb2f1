using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>JOIN: waits until the tasks named in <c>joinOn</c> have ended. Its output is theirs; see <see cref="TaskOutputs"/>.</summary>
internal sealed class JoinOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry) => [NewJoin(mapping, entry, new JsonObject { ["joinOn"] = Names(entry.JoinOn) })];

    public static TaskRow NewJoin(Mapping mapping, WorkflowTask entry, JsonObject input) =>
        mapping.NewTask(entry, TaskTypes.Join, TaskExecutionStatus.IN_PROGRESS, input) with { TaskDefName = TaskTypes.Join };

    public static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);

    public TaskRow Execute(Execution execution, TaskRow task)
    {
        var names = JoinIndex.Names(task, "joinOn").ToList();
        var members = names.Select(execution.State.Latest).OfType<TaskRow>().ToList();
        var allEnded = members.Count == names.Count && members.All(member => member.IsTerminal);
        var failed = members.Where(member => !member.Status.IsSuccessful() && member.Entry is { Optional: false } entry && (!entry.Permissive || allEnded)).ToList();
        if (failed.Count > 0)
        {
            var canceled = failed.All(member => member.Status == TaskExecutionStatus.CANCELED);
            return Ended(task, canceled ? TaskExecutionStatus.CANCELED : TaskExecutionStatus.FAILED, string.Join(' ', failed.Select(member => member.Reason)), execution);
        }
        if (!allEnded)
        {
            return task;
        }
        var withErrors = members.Where(member => member.Status == TaskExecutionStatus.COMPLETED_WITH_ERRORS).ToList();
        return withErrors.Count == 0
            ? Ended(task, TaskExecutionStatus.COMPLETED, task.Reason, execution)
            : Ended(task, TaskExecutionStatus.COMPLETED_WITH_ERRORS,
                string.Join(' ', withErrors.Select(member => $"{member.TaskDefName}/{member.TaskId}")) + " completed with errors", execution);
    }

    private static TaskRow Ended(TaskRow task, TaskExecutionStatus status, string? reason, Execution execution) =>
        task with { Status = status, Reason = reason, EndTime = execution.Context.Now };
}
