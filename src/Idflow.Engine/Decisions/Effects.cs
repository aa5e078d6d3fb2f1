using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>
/// What a decision causes outside its workflow. Each is an outbox row of the same commit; <see cref="OutboxRow.Id"/> is given when it is committed.
/// </summary>
internal static class Effects
{
    public const string ChildEndedKind = "childEnded";
    public const string ReviveParentKind = "reviveParent";
    public const string TerminateChildKind = "terminateChild";
    public const string FailureWorkflowKind = "failureWorkflow";
    public const string PublishKind = "publish";
    public const string GoOnKind = "goOn";

    /// <summary>The parent's SUB_WORKFLOW task takes this workflow's end over.</summary>
    public static OutboxRow ChildEnded(WorkflowState child, DecisionContext context) => New(child, ChildEndedKind, new JsonObject
    {
        ["parentWorkflowId"] = child.Row.ParentWorkflowId,
        ["parentTaskId"] = child.Row.ParentWorkflowTaskId,
    });

    /// <summary>The parent's SUB_WORKFLOW task opens again, and the parent with it: its child has been set going again.</summary>
    public static OutboxRow ReviveParent(WorkflowState child) => New(child, ReviveParentKind, new JsonObject
    {
        ["parentWorkflowId"] = child.Row.ParentWorkflowId,
        ["parentTaskId"] = child.Row.ParentWorkflowTaskId,
    });

    /// <summary>A child of an ended workflow is terminated.</summary>
    public static OutboxRow TerminateChild(WorkflowState parent, string childId) => New(parent, TerminateChildKind, new JsonObject
    {
        ["workflowId"] = childId,
        ["reason"] = string.IsNullOrEmpty(parent.Row.Reason)
            ? $"Parent workflow has been terminated with status {parent.Row.Status}"
            : $"Parent workflow has been terminated with reason: {parent.Row.Reason}",
    });

    public static OutboxRow StartFailureWorkflow(WorkflowState failed, string workflowId, string name, int version) => New(failed, FailureWorkflowKind, new JsonObject
    {
        ["workflowId"] = workflowId,
        ["name"] = name,
        ["version"] = version,
    });

    /// <summary>A message for the event handlers.</summary>
    public static OutboxRow Publish(WorkflowState state, DecisionContext context, string eventName, string messageId, JsonObject payload) => New(state, PublishKind, new JsonObject
    {
        ["event"] = eventName,
        ["messageId"] = messageId,
        ["payload"] = payload.DeepClone(),
    });

    /// <summary>The decider has more to do on this workflow.</summary>
    public static OutboxRow GoOn(WorkflowState state) => New(state, GoOnKind, []);

    private static OutboxRow New(WorkflowState state, string kind, JsonObject data) => new(0, kind, state.Id, data);
}
