using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Execution;
using Idflow.Engine.Expressions;
using Idflow.Engine.Operations;
using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Events;

/// <summary>The actions of event handlers. Their parameters are expressions over the message.</summary>
internal sealed class EventActions(WorkflowRunner runner, WorkflowStarter starter, InstanceTable instances, IExecutionReader store, IExpressionEvaluator expressions)
{
    /// <param name="record">Written in the commit of what the action does.</param>
    /// <exception cref="ConductorException">The action cannot be carried out.</exception>
    public Task RunAsync(EventAction action, EventExecutionRow record, JsonObject payload) => action.Action switch
    {
        EventActionType.start_workflow => StartWorkflowAsync(Evaluated(action.StartWorkflow, payload), record, payload),
        EventActionType.complete_task => EndTaskAsync(Evaluated(action.CompleteTask, payload), TaskResultStatus.COMPLETED, record),
        EventActionType.fail_task => EndTaskAsync(Evaluated(action.FailTask, payload), TaskResultStatus.FAILED, record),
        EventActionType.terminate_workflow => TerminateAsync(Evaluated(action.TerminateWorkflow, payload), record),
        EventActionType.update_workflow_variables => UpdateVariablesAsync(Evaluated(action.UpdateWorkflowVariables, payload), record),
        _ => throw ConductorException.BadRequest($"Action not supported: {action.Action}"),
    };

    private JsonObject Evaluated(JsonObject? parameters, JsonObject payload) =>
        (JsonObject)expressions.Evaluate(parameters ?? [], new JsonScope(payload))!;

    private Task<string> StartWorkflowAsync(JsonObject parameters, EventExecutionRow record, JsonObject payload)
    {
        var input = parameters["input"]?.DeepClone() as JsonObject ?? [];
        input["conductor.event.messageId"] = record.MessageId;
        input["conductor.event.name"] = record.Event;
        return runner.CreateAsync(unit =>
        {
            var started = starter.Start(unit, new NewWorkflow
            {
                Graph = starter.Resolve(parameters["name"]?.ToString(), int.TryParse(parameters["version"]?.ToString(), out var version) ? version : null, null),
                Input = input,
                CorrelationId = parameters["correlationId"]?.ToString(),
                TaskToDomain = (parameters["taskToDomain"] ?? payload["taskToDomain"])?.DeepClone() as JsonObject ?? [],
                Event = record.Event,
            });
            unit.Commit.EventExecutions.Add(record with { Output = new JsonObject { ["workflowId"] = started.Id } });
            return started.Id;
        });
    }

    private Task EndTaskAsync(JsonObject parameters, TaskResultStatus status, EventExecutionRow record)
    {
        var output = parameters["output"]?.DeepClone() as JsonObject ?? [];
        foreach (var key in (string[])["workflowId", "taskId", "taskRefName", "reasonForIncompletion"])
        {
            output[key] = parameters[key]?.DeepClone();
        }
        output["conductor.event.messageId"] = record.MessageId;
        output["conductor.event.name"] = record.Event;
        var taskId = parameters["taskId"]?.ToString();
        var workflowId = parameters["workflowId"]?.ToString() ?? (taskId is null ? null : store.ReadTask(taskId)?.WorkflowId);
        if (workflowId is null || !instances.Exists(workflowId))
        {
            return RecordAsync(record with { Output = NotFound(parameters) });
        }
        return runner.ChangeAsync(workflowId, (state, unit) =>
        {
            var task = taskId is not null ? state.Find(taskId) : state.LatestOfEntry(parameters["taskRefName"]?.ToString() ?? "") ?? state.Latest(parameters["taskRefName"]?.ToString() ?? "");
            unit.Commit.EventExecutions.Add(record with { Output = task is null ? NotFound(parameters) : output });
            if (task is not null)
            {
                TaskUpdate.Apply(state, unit, TaskUpdate.Merged(task, status, [], null) with
                {
                    OutputData = (JsonObject)output.DeepClone(),
                    ReasonForIncompletion = parameters["reasonForIncompletion"]?.ToString() ?? task.Reason,
                });
            }
        });
    }

    private Task TerminateAsync(JsonObject parameters, EventExecutionRow record) => runner.ChangeAsync(Id(parameters), (state, unit) =>
    {
        unit.Commit.EventExecutions.Add(record);
        Termination.Apply(state, unit, parameters["terminationReason"]?.ToString());
    });

    private Task UpdateVariablesAsync(JsonObject parameters, EventExecutionRow record) => runner.ChangeAsync(Id(parameters), (state, unit) =>
    {
        unit.Commit.EventExecutions.Add(record);
        var given = parameters["variables"] as JsonObject ?? [];
        var variables = TaskInputs.Overlay(state.Row.Variables, given);
        if ((bool?)parameters["appendArray"] == true)
        {
            foreach (var (key, value) in given)
            {
                if (state.Row.Variables[key] is JsonArray known && value is JsonArray more)
                {
                    variables[key] = new JsonArray([.. known.Concat(more).Select(item => item?.DeepClone())]);
                }
            }
        }
        state.Put(state.Row with { Variables = variables, UpdateTime = unit.Context.Now });
    });

    private static string Id(JsonObject parameters) => parameters["workflowId"]?.ToString() ?? throw ConductorException.BadRequest("workflowId is missing");

    private static JsonObject NotFound(JsonObject parameters) => new()
    {
        ["error"] = $"No task found with taskId {parameters["taskId"]}, workflowId {parameters["workflowId"]}, taskRefName {parameters["taskRefName"]}",
    };

    /// <summary>Writes the record of an action that changes no workflow.</summary>
    public Task RecordAsync(EventExecutionRow record)
    {
        var changes = new StoreChanges();
        changes.EventExecutions.Add(record);
        return runner.WriteAsync(changes);
    }
}
