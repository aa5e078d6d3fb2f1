using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.State;
using Idflow.Engine.Validation;

namespace Idflow.Engine.Execution;

/// <summary>START_WORKFLOW: starts a workflow that its task does not wait for, in the commit that completes the task.</summary>
internal sealed class StartWorkflowTask(WorkflowStarter starter, DefinitionValidator validator)
{
    public void Start(WorkflowState state, ChangeUnit unit, TaskRow task)
    {
        try
        {
            var request = Request(task);
            var started = starter.Start(unit, new NewWorkflow
            {
                Graph = starter.Resolve(request.Name, request.Version, request.WorkflowDef),
                Input = request.Input ?? [],
                CorrelationId = request.CorrelationId ?? state.Row.CorrelationId,
                Priority = request.Priority,
                TaskToDomain = request.TaskToDomain.Count > 0 ? request.TaskToDomain : state.Row.TaskToDomain,
                IdempotencyKey = request.IdempotencyKey,
            });
            state.Put(task.Ended(TaskExecutionStatus.COMPLETED, unit.Context.Now) with
            {
                StartTime = unit.Context.Now,
                Output = new JsonObject { ["workflowId"] = started.Id },
            });
            unit.Decide(state);
        }
        catch (Exception error) when (error is ConductorException { Retryable: false } or JsonException)
        {
            state.Put(task.Ended(TaskExecutionStatus.FAILED, unit.Context.Now, error.Message));
            unit.Decide(state);
        }
    }

    private StartWorkflowRequest Request(TaskRow task)
    {
        var request = task.Input["startWorkflow"] is JsonObject given ? ConductorJson.Deserialize<StartWorkflowRequest>(given) : null;
        if (request is null)
        {
            throw ConductorException.BadRequest("Missing 'startWorkflow' in input data.");
        }
        try
        {
            validator.CheckStart("startWorkflow", request);
            return request;
        }
        catch (ConductorException error) when (error.ValidationErrors.Count > 0)
        {
            var checks = error.ValidationErrors.Select(check => $"'{check.Path["startWorkflow.".Length..]}' -> {check.Message}. ");
            throw ConductorException.BadRequest($"startWorkflow validation failed. {string.Concat(checks)}");
        }
    }
}
