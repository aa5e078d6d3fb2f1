using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.State;
using Microsoft.Extensions.Logging;

namespace Idflow.Engine.Execution;

/// <summary>SUB_WORKFLOW: starts the child in the commit that changes its task.</summary>
internal sealed class SubWorkflowStart(WorkflowStarter starter, InstanceTable instances, IIdSource ids, EngineLimits limits, ILogger log)
{
    private const int ChildrenPerCommit = 16;

    /// <summary>
    /// Starts the children that this very change asks for, and theirs, so that whoever waits for its commit finds them running. Of a
    /// wide fork these are the first few; the others are started by commits of their own.
    /// </summary>
    /// <param name="changed">The workflow that is changed; none for a commit that only makes new ones.</param>
    public void StartChildren(WorkflowState? changed, ChangeUnit unit)
    {
        var left = ChildrenPerCommit;
        if (changed is not null)
        {
            left -= StartChildren(changed, unit, left);
        }
        for (var i = 0; i < unit.Created.Count && left > 0; i++)
        {
            left -= StartChildren(unit.Created[i], unit, left);
        }
    }

    /// <returns>How many were started.</returns>
    private int StartChildren(WorkflowState state, ChangeUnit unit, int most)
    {
        var started = 0;
        while (started < most && NextDue(state, unit) is { } task)
        {
            try
            {
                StartChild(state, unit, task);
                started++;
            }
            catch (Exception error)
            {
                log.LogWarning(error, "The child of task {TaskId} is not started with it; it is tried again on its own", task.TaskId);
                return most;
            }
        }
        return started;
    }

    public void StartChild(WorkflowState state, ChangeUnit unit, TaskRow task)
    {
        try
        {
            var child = starter.Start(unit, Child(state, unit, task));
            var row = state.Find(task.TaskId)!;
            state.Put(row with
            {
                Status = TaskExecutionStatus.IN_PROGRESS,
                SubWorkflowId = child.Id,
                Output = new JsonObject { ["subWorkflowId"] = child.Id },
                StartTime = unit.Context.Now,
                UpdateTime = unit.Context.Now,
                Reason = null,
            });
        }
        catch (Exception error) when (error is ConductorException { Retryable: false } or WorkflowEndException or JsonException)
        {
            state.Put(task.Ended(TaskExecutionStatus.FAILED, unit.Context.Now, error.Message));
            unit.Decide(state);
        }
    }

    private static TaskRow? NextDue(WorkflowState state, ChangeUnit unit)
    {
        TaskRow? next = null;
        if (!state.Row.Status.IsTerminal())
        {
            foreach (var write in state.ChangedTasks)
            {
                if (write.Row is { TaskType: TaskTypes.SubWorkflow, Status: TaskExecutionStatus.SCHEDULED } task && task.DueTime <= unit.Context.Now && (next is null || task.Seq < next.Seq))
                {
                    next = task;
                }
            }
        }
        return next;
    }

    private NewWorkflow Child(WorkflowState state, ChangeUnit unit, TaskRow task)
    {
        var depth = Depth(state, unit);
        if (depth >= limits.SubWorkflowDepth)
        {
            throw ConductorException.BadRequest($"Sub-workflows are nested {depth} deep; the limit is {limits.SubWorkflowDepth}");
        }
        var input = task.Input;
        var inline = Inline(input);
        var childInput = input["workflowInput"] is JsonObject given ? (JsonObject)given.DeepClone() : [];
        if (inline is not null)
        {
            childInput["_systemMetadata"] = new JsonObject { ["dynamic"] = true };
        }
        return new NewWorkflow
        {
            Graph = starter.Resolve(input["subWorkflowName"]?.ToString(), Version(input), inline),
            WorkflowId = FreeId(state, task),
            Input = childInput,
            CorrelationId = state.Row.CorrelationId,
            Priority = (int?)input["priority"] ?? 0,
            TaskToDomain = input["subWorkflowTaskToDomain"] is JsonObject { Count: > 0 } domains ? (JsonObject)domains.DeepClone() : state.Row.TaskToDomain,
            ParentWorkflowId = state.Id,
            ParentWorkflowTaskId = task.TaskId,
            IdempotencyKey = input["idempotencyKey"]?.ToString(),
        };
    }

    /// <summary>The definition that the task brings; without a name of its own it takes that of the parameters.</summary>
    private static WorkflowDef? Inline(JsonObject input)
    {
        if (input["subWorkflowDefinition"] is not JsonObject given || ConductorJson.Deserialize<WorkflowDef>(given) is not { } definition)
        {
            return null;
        }
        var name = string.IsNullOrEmpty(definition.Name) ? input["subWorkflowName"]?.ToString() : definition.Name;
        return string.IsNullOrEmpty(name) ? throw ConductorException.BadRequest("The definition of the sub-workflow has no name") : definition with { Name = name };
    }

    /// <summary>0 stands for the highest.</summary>
    private static int? Version(JsonObject input) => (int?)input["subWorkflowVersion"] is > 0 and var version ? version : null;

    /// <summary>The id follows from the task and its attempt; another one when that attempt had a child before.</summary>
    private string FreeId(WorkflowState state, TaskRow task)
    {
        var id = ChildId.Of(state.Id, task.TaskId, task.RetryCount);
        return instances.Exists(id) ? ids.NewId() : id;
    }

    private int Depth(WorkflowState state, ChangeUnit unit)
    {
        var depth = 1;
        for (var parent = state.Row.ParentWorkflowId; parent is not null && depth < limits.SubWorkflowDepth; depth++)
        {
            parent = unit.Context.FindWorkflow(parent)?.ParentWorkflowId;
        }
        return depth;
    }
}
