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

    public TaskRow Execute(Execution execution, TaskRow task)
    {
        if (task.Status == TaskExecutionStatus.IN_PROGRESS)
        {
            return task;
        }
        var sink = task.Input["sink"]?.ToString() ?? "";
        var payload = (JsonObject)task.Input.DeepClone();
        payload["workflowInstanceId"] = execution.State.Id;
        payload["workflowType"] = execution.State.Row.Name;
        payload["workflowVersion"] = execution.State.Row.Version;
        payload["correlationId"] = execution.State.Row.CorrelationId;
        payload["taskToDomain"] = execution.State.Row.TaskToDomain.DeepClone();
        var name = EventNameOf(execution.State, task, sink);
        if (name is not null)
        {
            payload["event_produced"] = name;
        }
        if (name is null || !name.StartsWith(Provider, StringComparison.Ordinal))
        {
            return task with { Status = TaskExecutionStatus.FAILED, Reason = Refusal(task, sink), Output = payload, EndTime = execution.Context.Now };
        }
        execution.State.Emit(Effects.Publish(execution.State, execution.Context, name, task.TaskId, payload));
        return (bool?)task.Input["asyncComplete"] == true
            ? task with { Status = TaskExecutionStatus.IN_PROGRESS, StartTime = execution.Context.Now, Output = payload }
            : task with { Status = TaskExecutionStatus.COMPLETED, StartTime = execution.Context.Now, EndTime = execution.Context.Now, Output = payload };
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
