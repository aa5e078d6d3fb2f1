using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>EVENT: publishes its input to a sink. The message leaves with the commit of this decision, once.</summary>
internal sealed class EventOperator : IOperator
{
    private const string Provider = "conductor:";

    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        var taskId = mapping.Context.Ids.NewId();
        var input = mapping.Input(entry, taskId);
        input["sink"] = mapping.Evaluate(entry.Sink, taskId);
        input["asyncComplete"] = entry.AsyncComplete;
        return [mapping.NewTask(entry, TaskTypes.Event, TaskExecutionStatus.SCHEDULED, input, taskId)];
    }

    public TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task)
    {
        if (task.Status == TaskExecutionStatus.IN_PROGRESS)
        {
            return task;
        }
        var now = context.Now;
        var sink = task.Input["sink"]?.ToString() ?? "";
        var payload = (JsonObject)task.Input.DeepClone();
        payload["workflowInstanceId"] = state.Id;
        payload["workflowType"] = state.Row.Name;
        payload["workflowVersion"] = state.Row.Version;
        payload["correlationId"] = state.Row.CorrelationId;
        payload["taskToDomain"] = state.Row.TaskToDomain.DeepClone();
        var name = EventNameOf(state, task, sink);
        if (name is not null)
        {
            payload["event_produced"] = name;
        }
        if (name is null || !name.StartsWith(Provider, StringComparison.Ordinal))
        {
            return task.Ended(TaskExecutionStatus.FAILED, now, Refusal(task, sink)) with { Output = payload };
        }
        state.Emit(new Effect.Publish(name, task.TaskId, payload));
        return (bool?)task.Input["asyncComplete"] == true
            ? task with { Status = TaskExecutionStatus.IN_PROGRESS, StartTime = now, Output = payload }
            : task.Ended(TaskExecutionStatus.COMPLETED, now) with { StartTime = now, Output = payload };
    }

    private static string? EventNameOf(WorkflowState state, TaskRow task, string sink) => sink switch
    {
        "conductor" => $"conductor:{state.Row.Name}:{task.ReferenceName}",
        _ when sink.StartsWith(Provider, StringComparison.Ordinal) => $"conductor:{state.Row.Name}:{sink[Provider.Length..]}",
        _ when sink.StartsWith("conductor", StringComparison.Ordinal) => null,
        _ => sink,
    };

    /// <summary>This engine has no queues but its own.</summary>
    private static string Refusal(TaskRow task, string sink) => sink.StartsWith("conductor", StringComparison.Ordinal)
        ? $"Invalid / Unsupported sink specified: {sink}"
        : $"Error loading queue:{sink}, for task:{task.TaskId}, error: Unknown queue type {sink.Split(':')[0]}";
}
