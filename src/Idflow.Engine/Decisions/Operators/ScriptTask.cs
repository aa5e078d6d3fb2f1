using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>What INLINE, LAMBDA and JSON_JQ_TRANSFORM have in common: the task, and what it shows of its value or of its error.</summary>
internal static class ScriptTask
{
    public static TaskRow New(Mapping mapping, WorkflowTask entry, string type)
    {
        var taskId = mapping.Context.Ids.NewId();
        return mapping.NewTask(entry, type, TaskExecutionStatus.IN_PROGRESS, mapping.Input(entry, taskId, withTemplate: true), taskId);
    }

    public static TaskRow Completed(DecisionContext context, TaskRow task, JsonNode? result) =>
        task.Ended(TaskExecutionStatus.COMPLETED, context.Now) with { Output = new JsonObject { ["result"] = result } };

    public static TaskRow Failed(DecisionContext context, TaskRow task, TaskExecutionStatus status, string reason) =>
        task.Ended(status, context.Now, reason) with { Output = new JsonObject { ["error"] = reason } };
}
