using System.Text.Json.Nodes;

namespace Idflow.Conductor.Model;

/// <summary>Conductor's <c>EventHandler</c>: what to do when an event arrives.</summary>
public sealed record EventHandlerDef
{
    public string? Name { get; init; }

    /// <summary><c>provider:uri</c>, for example <c>conductor:my_workflow:my_ref</c>.</summary>
    public string? Event { get; init; }

    /// <summary>JavaScript over the payload <c>$</c>, or a text for <see cref="EvaluatorType"/>. Absent: always.</summary>
    public string? Condition { get; init; }
    public string? EvaluatorType { get; init; }
    public IReadOnlyList<EventAction> Actions { get; init; } = [];
    public bool Active { get; init; }
}

/// <summary>One action; the member with the action's name holds its parameters.</summary>
public sealed record EventAction
{
    public EventActionType? Action { get; init; }
    public bool ExpandInlineJSON { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("start_workflow")]
    public JsonObject? StartWorkflow { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("complete_task")]
    public JsonObject? CompleteTask { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("fail_task")]
    public JsonObject? FailTask { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("terminate_workflow")]
    public JsonObject? TerminateWorkflow { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("update_workflow_variables")]
    public JsonObject? UpdateWorkflowVariables { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("start_agent")]
    public JsonObject? StartAgent { get; init; }
}

/// <summary>What an event handler can do.</summary>
public enum EventActionType
{
    start_workflow,
    complete_task,
    fail_task,
    terminate_workflow,
    update_workflow_variables,
    start_agent,
}
