using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>A SUB_WORKFLOW task as its child's end makes it.</summary>
internal static class ChildOutcome
{
    public static TaskRow Of(TaskRow task, WorkflowRow child, long now)
    {
        var status = child.Status switch
        {
            WorkflowStatus.COMPLETED => TaskExecutionStatus.COMPLETED,
            WorkflowStatus.FAILED => TaskExecutionStatus.FAILED,
            WorkflowStatus.TIMED_OUT => TaskExecutionStatus.TIMED_OUT,
            WorkflowStatus.TERMINATED => TaskExecutionStatus.CANCELED,
            _ => TaskExecutionStatus.IN_PROGRESS,
        };
        return task with
        {
            Status = status,
            SubWorkflowId = child.WorkflowId,
            Output = TaskInputs.Overlay(task.Output, child.Output),
            Reason = status.IsSuccessful() ? task.Reason : $"Sub workflow {child.Name}.{child.Version}/{child.WorkflowId} failure reason: {child.Reason ?? "null"}",
            EndTime = status.IsTerminal() ? now : 0,
            UpdateTime = now,
        };
    }
}
