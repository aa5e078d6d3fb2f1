using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Definitions;
using Idflow.Engine.Expressions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>Makes tasks of entries, in one place of the flow: at the top, or in one iteration of a loop.</summary>
/// <param name="given">The input of one entry, in place of what its parameters say.</param>
internal sealed class Mapping(WorkflowState state, DecisionContext context, string? loop, int iteration, bool literal = false, (WorkflowTask Entry, JsonObject Input)? given = null)
{
    public WorkflowState State => state;

    public DecisionContext Context => context;

    /// <summary>The name of the loop's task.</summary>
    public string? Loop => loop;

    public int Iteration => iteration;

    /// <summary>The tasks that scheduling an entry creates; none when it has been scheduled before.</summary>
    public IReadOnlyList<TaskRow> Map(WorkflowTask entry)
    {
        if (state.Latest(ReferenceNames.InIteration(entry.TaskReferenceName!, loop, iteration)) is not null)
        {
            return [];
        }
        try
        {
            return [.. OperatorTable.Of(entry.Type).Map(this, entry).Where(task => state.Latest(task.ReferenceName) is null)];
        }
        catch (PayloadOverflowException overflow)
        {
            return [PayloadLimits.WithoutInput(NewTask(entry, entry.Type, TaskExecutionStatus.SCHEDULED), context, overflow.Bytes)];
        }
    }

    /// <summary>The same place, for entries whose values are data: they are taken as they are.</summary>
    public Mapping Literal() => new(state, context, loop, iteration, literal: true);

    /// <summary>A row with what all tasks have in common.</summary>
    public TaskRow NewTask(WorkflowTask entry, string type, TaskExecutionStatus status, JsonObject? input = null, string? taskId = null) => new()
    {
        TaskId = taskId ?? context.Ids.NewId(),
        WorkflowId = state.Id,
        WorkflowType = state.Row.Name,
        ReferenceName = ReferenceNames.InIteration(entry.TaskReferenceName!, loop, iteration),
        TaskType = type,
        TaskDefName = entry.Name ?? type,
        Status = status,
        Iteration = iteration,
        Loop = loop,
        Input = input ?? [],
        CorrelationId = state.Row.CorrelationId,
        WorkflowPriority = state.Row.Priority,
        ScheduledTime = context.Now,
        StartTime = status == TaskExecutionStatus.IN_PROGRESS ? context.Now : 0,
        Entry = entry,
        EntryIsData = literal,
        EntryIsOwn = !ReferenceEquals(state.Graph.Find(entry.TaskReferenceName!), entry),
    };

    /// <summary>A task that a worker polls for: its definition's limits, its delay, its queue.</summary>
    public TaskRow NewWorkerTask(WorkflowTask entry, string type)
    {
        var taskId = context.Ids.NewId();
        var definition = entry.TaskDefinition;
        return NewTask(entry, type, TaskExecutionStatus.SCHEDULED, Input(entry, taskId, withTemplate: true), taskId) with
        {
            DueTime = context.Now + entry.StartDelay * 1000L,
            StartDelaySeconds = entry.StartDelay,
            CallbackAfterSeconds = entry.StartDelay,
            ResponseTimeoutSeconds = definition?.ResponseTimeoutSeconds ?? 0,
            RateLimitPerFrequency = definition?.RateLimitPerFrequency ?? 0,
            RateLimitFrequencyInSeconds = definition?.RateLimitFrequencyInSeconds ?? 1,
            IsolationGroupId = definition?.IsolationGroupId,
            ExecutionNameSpace = definition?.ExecutionNameSpace,
        };
    }

    /// <summary>The evaluated input parameters of an entry.</summary>
    /// <param name="withTemplate">Keys the entry leaves out come from the task definition's template.</param>
    public JsonObject Input(WorkflowTask entry, string? taskId = null, bool withTemplate = false) =>
        ReferenceEquals(given?.Entry, entry) ? (JsonObject)given!.Value.Input.DeepClone()
        : literal ? (JsonObject)entry.InputParameters.DeepClone() : TaskInputs.Build(entry, state, context, taskId, withTemplate);

    /// <summary>Evaluates any value in the workflow's context.</summary>
    public JsonNode? Evaluate(JsonNode? template, string? taskId = null) =>
        literal ? template?.DeepClone() : context.Services.Expressions.Evaluate(template, new ExpressionScope(state, taskId), new PayloadMeter(context.Services.Limits.TaskPayloadBytes));
}
