using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>EVENT: publishes its input to a sink. The message leaves with the commit of this decision, once.</summary>
internal sealed class EventOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        var taskId = mapping.Context.Ids.NewId();
        var input = mapping.Input(entry, taskId);
        input["sink"] = mapping.Evaluate(entry.Sink, taskId);
        input["asyncComplete"] = entry.AsyncComplete;
        return [mapping.NewTask(entry, TaskTypes.Event, TaskExecutionStatus.SCHEDULED, input, taskId)];
    }

    public TaskRow Execute(Execution execution, TaskRow task)
    {
        if (task.Status == TaskExecutionStatus.IN_PROGRESS)
        {
            return task;
        }
        var sink = task.Input["sink"]?.ToString() ?? "";
        if (EventNameOf(execution.State, task, sink) is not { } name)
        {
            return task with { Status = TaskExecutionStatus.FAILED, Reason = Refusal(sink), EndTime = execution.Context.Now };
        }
        var payload = (JsonObject)task.Input.DeepClone();
        payload["workflowInstanceId"] = execution.State.Id;
        payload["workflowType"] = execution.State.Row.Name;
        payload["workflowVersion"] = execution.State.Row.Version;
        payload["correlationId"] = execution.State.Row.CorrelationId;
        payload["taskToDomain"] = execution.State.Row.TaskToDomain.DeepClone();
        payload["event_produced"] = name;
        execution.State.Emit(Effects.Publish(execution.State, execution.Context, name, task.TaskId, payload));
        return (bool?)task.Input["asyncComplete"] == true
            ? task with { Status = TaskExecutionStatus.IN_PROGRESS, StartTime = execution.Context.Now, Output = payload }
            : task with { Status = TaskExecutionStatus.COMPLETED, StartTime = execution.Context.Now, EndTime = execution.Context.Now, Output = payload };
    }

    private static string? EventNameOf(WorkflowState state, TaskRow task, string sink) => sink switch
    {
        "conductor" => $"conductor:{state.Row.Name}:{task.ReferenceName}",
        _ when sink.StartsWith("conductor:", StringComparison.Ordinal) => $"conductor:{state.Row.Name}:{sink["conductor:".Length..]}",
        _ => null,
    };

    private static string Refusal(string sink)
    {
        var colon = sink.IndexOf(':', StringComparison.Ordinal);
        return sink.StartsWith("conductor", StringComparison.Ordinal) ? $"Invalid / Unsupported sink specified: {sink}"
            : colon < 0 ? $"No event queue provider registered for: {sink}"
            : $"Unknown queue type {sink[..colon]}";
    }
}
