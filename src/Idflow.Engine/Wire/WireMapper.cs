using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.State;

namespace Idflow.Engine.Wire;

/// <summary>Rows as clients see them. All payloads are copies: what a client does with them does not reach the engine.</summary>
internal static class WireMapper
{
    public static Workflow ToWorkflow(WorkflowState state, bool includeTasks) => ToWorkflow(state.Row, state.Graph.Definition) with
    {
        Tasks = includeTasks ? [.. state.Tasks.Select(task => ToTask(task, TaskOutputs.Of(state, task)))] : [],
    };

    public static Workflow ToWorkflow(WorkflowRow row, WorkflowDef definition) => new()
    {
        WorkflowId = row.WorkflowId,
        Status = row.Status,
        WorkflowName = row.Name,
        WorkflowVersion = row.Version,
        Input = Copy(row.Input),
        Output = Copy(row.Output),
        Variables = Copy(row.Variables),
        WorkflowDefinition = definition,
        CorrelationId = row.CorrelationId,
        Event = row.Event,
        ReasonForIncompletion = row.Reason,
        ParentWorkflowId = row.ParentWorkflowId,
        ParentWorkflowTaskId = row.ParentWorkflowTaskId,
        Priority = row.Priority,
        TaskToDomain = Copy(row.TaskToDomain),
        FailedReferenceTaskNames = row.FailedReferenceNames,
        FailedTaskNames = row.FailedTaskNames,
        CreateTime = row.CreateTime,
        StartTime = row.CreateTime,
        UpdateTime = row.UpdateTime,
        EndTime = row.EndTime,
        LastRetriedTime = row.LastRetriedTime,
        CreatedBy = row.CreatedBy,
        OwnerApp = definition.OwnerApp ?? "",
        IdempotencyKey = row.IdempotencyKey,
        ExternalInputPayloadStoragePath = row.ExternalInputPath,
        ExternalOutputPayloadStoragePath = row.ExternalOutputPath,
    };

    /// <param name="output">The output as it is read; see <see cref="TaskOutputs"/>.</param>
    public static TaskExecution ToTask(TaskRow row, JsonObject output) => new()
    {
        TaskId = row.TaskId,
        WorkflowInstanceId = row.WorkflowId,
        ReferenceTaskName = row.ReferenceName,
        TaskType = row.TaskType,
        TaskDefName = row.TaskDefName,
        WorkflowType = row.WorkflowType,
        Status = row.Status,
        Seq = row.Seq,
        Iteration = row.Iteration,
        LoopOverTask = row.Iteration > 0,
        RetryCount = row.RetryCount,
        PollCount = row.PollCount,
        InputData = Copy(row.Input),
        OutputData = Copy(output),
        ReasonForIncompletion = row.Reason,
        WorkerId = row.WorkerId,
        CorrelationId = row.CorrelationId,
        Domain = row.Domain,
        ScheduledTime = row.ScheduledTime,
        StartTime = row.StartTime,
        EndTime = row.EndTime,
        UpdateTime = row.UpdateTime,
        QueueWaitTime = QueueWait(row),
        StartDelayInSeconds = row.StartDelaySeconds,
        CallbackAfterSeconds = row.CallbackAfterSeconds,
        ResponseTimeoutSeconds = row.ResponseTimeoutSeconds,
        Retried = row.Retried,
        Executed = row.Executed,
        SubworkflowChanged = row.SubworkflowChanged,
        RetriedTaskId = row.RetriedTaskId,
        SubWorkflowId = row.SubWorkflowId,
        ParentTaskId = row.ParentTaskId,
        WorkflowTask = row.Entry,
        TaskDefinition = row.Entry?.TaskDefinition,
        RateLimitPerFrequency = row.RateLimitPerFrequency,
        RateLimitFrequencyInSeconds = row.RateLimitFrequencyInSeconds,
        WorkflowPriority = row.WorkflowPriority,
        IsolationGroupId = row.IsolationGroupId,
        ExecutionNameSpace = row.ExecutionNameSpace,
        ExternalInputPayloadStoragePath = row.ExternalInputPath,
        ExternalOutputPayloadStoragePath = row.ExternalOutputPath,
    };

    private static long QueueWait(TaskRow row) => row.StartTime > 0 && row.ScheduledTime > 0 ? Math.Max(0, row.StartTime - row.ScheduledTime) : 0;

    private static JsonObject Copy(JsonObject payload) => payload.Count == 0 ? [] : (JsonObject)payload.DeepClone();
}
