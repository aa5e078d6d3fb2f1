using System.Text.Json.Nodes;
using Idflow.Engine.Expressions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>The context of <c>${..}</c> over a workflow's state: <c>workflow</c>, and every task by the reference name of the definition.</summary>
internal sealed class ExpressionScope(WorkflowState state, string? taskId = null) : IExpressionScope
{
    public string? TaskId => taskId;

    public bool TryResolve(IReadOnlyList<string> keys, out int used, out JsonNode? value)
    {
        used = Math.Min(2, keys.Count);
        if (keys[0] == "workflow")
        {
            value = keys.Count == 1 ? WorkflowObject() : WorkflowField(keys[1]);
            return true;
        }
        if (state.LatestOfEntry(keys[0]) is not { } task)
        {
            value = null;
            return false;
        }
        if (keys.Count >= 3 && keys[1] == "output")
        {
            used = 3;
            value = TaskOutputs.Key(state, task, keys[2]);
            return true;
        }
        value = keys.Count == 1 ? TaskObject(task) : TaskField(task, keys[1]);
        return true;
    }

    public JsonObject Whole()
    {
        var whole = new JsonObject { ["workflow"] = WorkflowObject() };
        foreach (var name in state.Tasks.Select(task => task.PlainName).Distinct())
        {
            whole[name] = TaskObject(state.LatestOfEntry(name)!);
        }
        return whole;
    }

    private static readonly string[] WorkflowFields =
    [
        "input", "output", "status", "workflowId", "parentWorkflowId", "parentWorkflowTaskId", "workflowType", "version", "correlationId",
        "reasonForIncompletion", "schemaVersion", "variables",
    ];

    private static readonly string[] TaskFields =
    [
        "input", "output", "taskType", "status", "referenceTaskName", "retryCount", "correlationId", "pollCount", "taskDefName", "scheduledTime",
        "startTime", "endTime", "workflowInstanceId", "taskId", "reasonForIncompletion", "callbackAfterSeconds", "workerId", "iteration",
    ];

    private JsonObject WorkflowObject() => Copy(WorkflowFields, WorkflowField);

    private JsonObject TaskObject(TaskRow task) => Copy(TaskFields, field => TaskField(task, field));

    private static JsonObject Copy(IEnumerable<string> fields, Func<string, JsonNode?> value)
    {
        var copy = new JsonObject();
        foreach (var field in fields)
        {
            var node = value(field);
            copy[field] = node?.Parent is null ? node : node.DeepClone();
        }
        return copy;
    }

    private JsonNode? WorkflowField(string field) => field switch
    {
        "input" => state.Row.Input,
        "output" => state.Row.Output,
        "variables" => state.Row.Variables,
        "status" => state.Row.Status.ToString(),
        "workflowId" => state.Row.WorkflowId,
        "parentWorkflowId" => state.Row.ParentWorkflowId,
        "parentWorkflowTaskId" => state.Row.ParentWorkflowTaskId,
        "workflowType" => state.Row.Name,
        "version" => state.Row.Version,
        "correlationId" => state.Row.CorrelationId,
        "reasonForIncompletion" => state.Row.Reason,
        "schemaVersion" => state.Graph.Definition.SchemaVersion,
        _ => null,
    };

    private JsonNode? TaskField(TaskRow task, string field) => field switch
    {
        "input" => task.Input,
        "output" => TaskOutputs.Of(state, task),
        "taskType" => task.TaskType,
        "status" => task.Status.ToString(),
        "referenceTaskName" => task.ReferenceName,
        "retryCount" => task.RetryCount,
        "correlationId" => task.CorrelationId,
        "pollCount" => task.PollCount,
        "taskDefName" => task.TaskDefName,
        "scheduledTime" => task.ScheduledTime,
        "startTime" => task.StartTime,
        "endTime" => task.EndTime,
        "workflowInstanceId" => task.WorkflowId,
        "taskId" => task.TaskId,
        "reasonForIncompletion" => task.Reason,
        "callbackAfterSeconds" => task.CallbackAfterSeconds,
        "workerId" => task.WorkerId,
        "iteration" => task.Iteration,
        _ => null,
    };
}
