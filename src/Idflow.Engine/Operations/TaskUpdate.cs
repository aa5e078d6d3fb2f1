using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Execution;
using Idflow.Engine.State;

namespace Idflow.Engine.Operations;

/// <summary>What a result does to a task. A task that has ended, or whose workflow has, stays as it is.</summary>
internal static class TaskUpdate
{
    public static void Apply(WorkflowState state, ChangeUnit unit, TaskResult result)
    {
        if (state.Find(result.TaskId!) is not { } task)
        {
            throw WorkflowErrors.NoSuchTask(result.TaskId!);
        }
        if (task.IsTerminal || state.Row.Status.IsTerminal())
        {
            return;
        }
        if (result.ExtendLease)
        {
            state.Put(task with { UpdateTime = unit.Context.Now });
            return;
        }
        AddLogs(unit, task, result.Logs);
        Put(state, unit, task, result);
        unit.Decide(state);
    }

    /// <summary>A result that starts from what the task has: the output is merged, the rest stays.</summary>
    public static TaskResult Merged(TaskRow task, TaskResultStatus status, JsonObject output, string? workerId) => new()
    {
        WorkflowInstanceId = task.WorkflowId,
        TaskId = task.TaskId,
        Status = status,
        OutputData = TaskInputs.Overlay(task.Output, output),
        ReasonForIncompletion = task.Reason,
        WorkerId = workerId ?? task.WorkerId,
        CallbackAfterSeconds = task.CallbackAfterSeconds,
        SubWorkflowId = task.SubWorkflowId,
    };

    private static void Put(WorkflowState state, ChangeUnit unit, TaskRow task, TaskResult result)
    {
        var now = unit.Context.Now;
        var updated = task with
        {
            Status = StatusOf(task, result.Status),
            Output = result.OutputData,
            Reason = result.ReasonForIncompletion,
            WorkerId = result.WorkerId,
            CallbackAfterSeconds = result.CallbackAfterSeconds,
            SubWorkflowId = result.SubWorkflowId ?? task.SubWorkflowId,
            UpdateTime = now,
        };
        if (updated.IsTerminal)
        {
            updated = updated with { EndTime = now };
        }
        else if (OperatorTable.KindOf(task) == OperatorKind.Worker)
        {
            updated = updated with { DueTime = now + Math.Clamp(result.CallbackAfterSeconds, 0, int.MaxValue) * 1000 };
        }
        state.Put(PayloadLimits.Checked(state, updated, unit.Context));
    }

    /// <summary>A worker that says IN_PROGRESS wants its task again later; what is not polled for stays in progress.</summary>
    private static TaskExecutionStatus StatusOf(TaskRow task, TaskResultStatus status) => status switch
    {
        TaskResultStatus.COMPLETED => TaskExecutionStatus.COMPLETED,
        TaskResultStatus.FAILED => TaskExecutionStatus.FAILED,
        TaskResultStatus.FAILED_WITH_TERMINAL_ERROR => TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR,
        TaskResultStatus.CANCELED => TaskExecutionStatus.CANCELED,
        _ => OperatorTable.KindOf(task) == OperatorKind.Worker ? TaskExecutionStatus.SCHEDULED : TaskExecutionStatus.IN_PROGRESS,
    };

    private static void AddLogs(ChangeUnit unit, TaskRow task, IReadOnlyList<TaskExecLog> logs)
    {
        foreach (var log in logs.Take(unit.Context.Services.Limits.LogLinesPerUpdate))
        {
            unit.Commit.Logs.Add(new TaskLogRow(task.TaskId, task.WorkflowId, log.Log ?? "", log.CreatedTime > 0 ? log.CreatedTime : unit.Context.Now));
        }
    }
}
