using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Server.Execution;

/// <summary>Conductor's answer of a synchronous call; which members are filled depends on the <see cref="ReturnStrategy"/>.</summary>
internal sealed record SignalResponse
{
    public required ReturnStrategy ResponseType { get; init; }
    public required string TargetWorkflowId { get; init; }
    public required WorkflowStatus TargetWorkflowStatus { get; init; }
    public required string RequestId { get; init; }
    public required string WorkflowId { get; init; }
    public string? CorrelationId { get; init; }
    public required JsonObject Input { get; init; }
    public required JsonObject Output { get; init; }

    /// <summary>True: the time was up before the workflow ended or was blocked.</summary>
    public required bool SignalTimeout { get; init; }
    public required int Priority { get; init; }

    /// <summary>State of the workflow or of the task.</summary>
    public required string Status { get; init; }

    public JsonObject? Variables { get; init; }
    public IReadOnlyList<TaskExecution>? Tasks { get; init; }
    public string? CreatedBy { get; init; }
    public long? CreateTime { get; init; }
    public long? UpdateTime { get; init; }

    public string? TaskType { get; init; }
    public string? TaskId { get; init; }
    public string? ReferenceTaskName { get; init; }
    public int? RetryCount { get; init; }
    public string? TaskDefName { get; init; }
    public string? RetriedTaskId { get; init; }
    public string? WorkflowType { get; init; }
    public string? ReasonForIncompletion { get; init; }
    public long? ScheduledTime { get; init; }
    public long? StartTime { get; init; }
    public long? EndTime { get; init; }

    /// <summary>Null where a task was asked for and none blocks.</summary>
    public static SignalResponse? Of(ReturnStrategy strategy, string requestId, WaitOutcome outcome) => strategy switch
    {
        ReturnStrategy.TARGET_WORKFLOW => OfWorkflow(strategy, requestId, outcome, outcome.Target),
        ReturnStrategy.BLOCKING_WORKFLOW => OfWorkflow(strategy, requestId, outcome, outcome.Blocking?.Workflow ?? outcome.Target),
        _ => outcome.Blocking is { } blocking ? OfTask(strategy, requestId, outcome, blocking) : null,
    };

    private static SignalResponse OfWorkflow(ReturnStrategy strategy, string requestId, WaitOutcome outcome, Workflow workflow) => new()
    {
        ResponseType = strategy,
        TargetWorkflowId = outcome.Target.WorkflowId,
        TargetWorkflowStatus = outcome.Target.Status,
        RequestId = requestId,
        WorkflowId = workflow.WorkflowId,
        CorrelationId = workflow.CorrelationId,
        Input = workflow.Input,
        Output = workflow.Output,
        SignalTimeout = outcome.TimedOut,
        Priority = workflow.Priority,
        Status = workflow.Status.ToString(),
        Variables = workflow.Variables,
        Tasks = workflow.Tasks,
        CreatedBy = workflow.CreatedBy,
        CreateTime = workflow.CreateTime,
        UpdateTime = workflow.UpdateTime,
    };

    private static SignalResponse OfTask(ReturnStrategy strategy, string requestId, WaitOutcome outcome, BlockingTask blocking) => new()
    {
        ResponseType = strategy,
        TargetWorkflowId = outcome.Target.WorkflowId,
        TargetWorkflowStatus = outcome.Target.Status,
        RequestId = requestId,
        WorkflowId = blocking.Workflow.WorkflowId,
        CorrelationId = blocking.Workflow.CorrelationId,
        Input = blocking.Task.InputData,
        Output = blocking.Task.OutputData,
        SignalTimeout = outcome.TimedOut,
        Priority = blocking.Workflow.Priority,
        Status = blocking.Task.Status.ToString(),
        TaskType = blocking.Task.TaskType,
        TaskId = blocking.Task.TaskId,
        ReferenceTaskName = blocking.Task.ReferenceTaskName,
        RetryCount = blocking.Task.RetryCount,
        TaskDefName = blocking.Task.TaskDefName,
        RetriedTaskId = blocking.Task.RetriedTaskId,
        WorkflowType = blocking.Task.WorkflowType,
        ReasonForIncompletion = blocking.Task.ReasonForIncompletion,
        ScheduledTime = blocking.Task.ScheduledTime,
        StartTime = blocking.Task.StartTime,
        EndTime = blocking.Task.EndTime,
        UpdateTime = blocking.Task.UpdateTime,
    };
}
