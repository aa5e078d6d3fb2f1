using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>
/// What a decision causes outside its workflow: these kinds and no others. Each is an outbox row of the same commit, and is carried out after it by
/// <see cref="Execution.EffectHandlers"/>. The names of kinds and data are stored: they stay as they are.
/// </summary>
internal abstract record Effect
{
    /// <summary>The parent's SUB_WORKFLOW task takes this workflow's end over.</summary>
    public sealed record ChildEnded(string ParentWorkflowId, string ParentTaskId) : Effect;

    /// <summary>The parent's SUB_WORKFLOW task opens again, and the parent with it: this workflow has been set going again.</summary>
    /// <param name="ParentStatus">The parent's when this workflow was set going; null in rows of older engines, which did not say.</param>
    /// <param name="ParentRetriedTime">Its <see cref="WorkflowRow.LastRetriedTime"/> then, which names the run that had ended.</param>
    public sealed record ReviveParent(WorkflowStatus? ParentStatus, long ParentRetriedTime) : Effect
    {
        /// <summary>True for a parent that ended after this workflow was set going, as by an operator who terminated it: it stays so.</summary>
        public bool HasEndedSince(WorkflowRow parent) =>
            ParentStatus is { } seen && parent.Status.IsTerminal() && (seen, ParentRetriedTime) != (parent.Status, parent.LastRetriedTime);
    }

    /// <summary>A child of this workflow, which has ended, is terminated.</summary>
    public sealed record TerminateChild(string WorkflowId, string Reason) : Effect;

    /// <summary>A child that ended badly is retried: this workflow's task waits for it again.</summary>
    public sealed record RetryChild(string WorkflowId) : Effect;

    /// <param name="WorkflowId">The id it gets.</param>
    public sealed record StartFailureWorkflow(string WorkflowId, string Name, int Version) : Effect;

    /// <summary>A message for the event handlers.</summary>
    public sealed record Publish(string Event, string MessageId, JsonObject Payload) : Effect;

    /// <summary>The decider has more to do on this workflow.</summary>
    public sealed record GoOn : Effect;

    /// <param name="workflowId">The workflow that decided it.</param>
    /// <returns>Its outbox row, which is given its id when it is committed.</returns>
    public OutboxRow ToRow(string workflowId)
    {
        (string Kind, JsonObject Data) form = this switch
        {
            ChildEnded effect => ("childEnded", new() { ["parentWorkflowId"] = effect.ParentWorkflowId, ["parentTaskId"] = effect.ParentTaskId }),
            ReviveParent { ParentStatus: null } => ("reviveParent", []),
            ReviveParent effect => ("reviveParent", new() { ["parentStatus"] = effect.ParentStatus.ToString(), ["parentRetriedTime"] = effect.ParentRetriedTime }),
            TerminateChild effect => ("terminateChild", new() { ["workflowId"] = effect.WorkflowId, ["reason"] = effect.Reason }),
            RetryChild effect => ("retryChild", new() { ["workflowId"] = effect.WorkflowId }),
            StartFailureWorkflow effect => ("failureWorkflow", new() { ["workflowId"] = effect.WorkflowId, ["name"] = effect.Name, ["version"] = effect.Version }),
            Publish effect => ("publish", new() { ["event"] = effect.Event, ["messageId"] = effect.MessageId, ["payload"] = effect.Payload.DeepClone() }),
            GoOn => ("goOn", []),
            _ => throw new InvalidOperationException($"Unknown effect {GetType().Name}"),
        };
        return new OutboxRow(0, form.Kind, workflowId, form.Data);
    }

    /// <exception cref="InvalidOperationException">A kind that this version does not know.</exception>
    public static Effect Of(OutboxRow row) => row.Kind switch
    {
        "childEnded" => new ChildEnded(Text(row, "parentWorkflowId"), Text(row, "parentTaskId")),
        "reviveParent" => row.Data["parentStatus"] is null ? new ReviveParent(null, 0)
            : new ReviveParent(Enum.Parse<WorkflowStatus>(Text(row, "parentStatus")), (long)row.Data["parentRetriedTime"]!),
        "terminateChild" => new TerminateChild(Text(row, "workflowId"), Text(row, "reason")),
        "retryChild" => new RetryChild(Text(row, "workflowId")),
        "failureWorkflow" => new StartFailureWorkflow(Text(row, "workflowId"), Text(row, "name"), (int)row.Data["version"]!),
        "publish" => new Publish(Text(row, "event"), Text(row, "messageId"), (JsonObject)row.Data["payload"]!),
        "goOn" => new GoOn(),
        _ => throw new InvalidOperationException($"Unknown effect {row.Kind}"),
    };

    private static string Text(OutboxRow row, string key) => (string)row.Data[key]!;
}
