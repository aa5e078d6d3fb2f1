using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Execution;
using Idflow.Engine.State;

namespace Idflow.Engine.Operations;

/// <summary>Skipping a task that has not been scheduled yet: the flow will step over it.</summary>
internal static class Skip
{
    public static void Apply(WorkflowState state, ChangeUnit unit, string reference, SkipTaskRequest request)
    {
        if (state.Row.Status != WorkflowStatus.RUNNING)
        {
            throw ConductorException.Conflict($"The workflow {state.Id} is not running so the task referenced by {reference} cannot be skipped");
        }
        if (state.Graph.Find(reference) is not { } entry)
        {
            throw ConductorException.BadRequest($"The task referenced by {reference} does not exist in the WorkflowDefinition {state.Row.Name}");
        }
        if (state.Latest(reference) is not null)
        {
            throw ConductorException.Conflict($"The task referenced {reference} has already been processed, cannot be skipped");
        }
        state.Put(new TaskRow
        {
            TaskId = unit.Context.Ids.NewId(),
            WorkflowId = state.Id,
            WorkflowType = state.Row.Name,
            ReferenceName = reference,
            TaskType = entry.Name!,
            TaskDefName = entry.Name!,
            Entry = entry,
            Status = TaskExecutionStatus.SKIPPED,
            CorrelationId = state.Row.CorrelationId,
            Input = request.TaskInput?.DeepClone() as JsonObject ?? [],
            Output = request.TaskOutput?.DeepClone() as JsonObject ?? [],
            ScheduledTime = unit.Context.Now,
            StartTime = unit.Context.Now,
            EndTime = unit.Context.Now,
            UpdateTime = unit.Context.Now,
            WorkflowPriority = state.Row.Priority,
        });
        unit.Decide(state);
    }
}
