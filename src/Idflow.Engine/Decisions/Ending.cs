using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>How a workflow ends: its output, the names of what failed, what is still open, and who is told.</summary>
internal static class Ending
{
    public static void Complete(WorkflowState state, DecisionContext context)
    {
        if (Completion.PermissiveFailures(state) is { Count: > 0 } failures)
        {
            var reasons = failures.Select(task => $"Task {task.TaskId} failed with status: {task.Status} and reason: '{task.Reason ?? "null"}'");
            Unsuccessful(state, context, WorkflowStatus.FAILED, string.Join(". ", reasons), failures[0].TaskId);
            return;
        }
        End(state, context, state.Row with { Status = WorkflowStatus.COMPLETED, Output = WorkflowOutput.Of(state, context) });
    }

    public static void ByTerminateTask(WorkflowState state, DecisionContext context, TaskRow terminate)
    {
        var status = TerminateOperator.StatusOf(terminate)!.Value;
        var given = terminate.Input["terminationReason"]?.ToString();
        var reason = string.IsNullOrWhiteSpace(given) ? $"Workflow is {status} by TERMINATE task: {terminate.TaskId}" : given;
        if (status == WorkflowStatus.COMPLETED)
        {
            End(state, context, state.Row with { Status = status, Reason = reason, Output = terminate.Output });
            return;
        }
        state.Put(terminate with { Executed = true });
        Unsuccessful(state, context, status, reason, terminate.TaskId, terminate.Output);
    }

    /// <summary>Ends it as FAILED, TIMED_OUT or TERMINATED, and starts the failure workflow that its definition names.</summary>
    public static void Unsuccessful(WorkflowState state, DecisionContext context, WorkflowStatus status, string? reason, string? taskId, JsonObject? output = null)
    {
        var row = state.Row with
        {
            Status = status,
            Reason = reason,
            FailedTaskId = taskId ?? state.Row.FailedTaskId,
            Output = output ?? WorkflowOutput.Of(state, context),
        };
        End(state, context, FailureWorkflow.Announce(state, context, PayloadLimits.Ended(row, context)));
    }

    /// <summary>Ends it by an operator, or with its parent: no failure workflow.</summary>
    public static void Terminated(WorkflowState state, DecisionContext context, string? reason) =>
        End(state, context, state.Row with { Status = WorkflowStatus.TERMINATED, Reason = reason, Output = WorkflowOutput.Of(state, context) });

    private static void End(WorkflowState state, DecisionContext context, WorkflowRow ending)
    {
        var row = PayloadLimits.Ended(ending, context);
        // A COMPLETED workflow whose output is over the limit fails after all.
        if (row.Status == WorkflowStatus.FAILED && ending.Status == WorkflowStatus.COMPLETED)
        {
            row = FailureWorkflow.Announce(state, context, row);
        }
        var failed = state.Tasks.Where(task => task.Status is TaskExecutionStatus.FAILED or TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR).ToList();
        state.Put(row with
        {
            EndTime = context.Now,
            UpdateTime = context.Now,
            FailedReferenceNames = [.. row.FailedReferenceNames.Union(failed.Select(task => task.ReferenceName))],
            FailedTaskNames = [.. row.FailedTaskNames.Union(failed.Select(task => task.TaskDefName))],
        });
        CancelOpen(state, context);
        state.ClearMessages();
        if (row is { ParentWorkflowId: { } parentId, ParentWorkflowTaskId: { } parentTaskId })
        {
            state.Emit(new Effect.ChildEnded(parentId, parentTaskId));
        }
    }

    private static void CancelOpen(WorkflowState state, DecisionContext context)
    {
        foreach (var task in state.Open.OrderBy(task => task.Seq).ToList())
        {
            state.Put(task.Ended(TaskExecutionStatus.CANCELED, context.Now));
            if (task.SubWorkflowId is not null)
            {
                TakeAlong(state, task.SubWorkflowId);
            }
        }
    }

    /// <summary>A child ends with its parent, which has ended.</summary>
    public static void TakeAlong(WorkflowState parent, string childId) =>
        parent.Emit(new Effect.TerminateChild(childId, string.IsNullOrEmpty(parent.Row.Reason)
            ? $"Parent workflow has been terminated with status {parent.Row.Status}"
            : $"Parent workflow has been terminated with reason: {parent.Row.Reason}"));
}
