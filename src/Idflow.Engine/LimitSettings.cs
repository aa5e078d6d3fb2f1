namespace Idflow.Engine;

/// <summary>How a project's configuration names the limits that reasons speak of.</summary>
public static class LimitSettings
{
    /// <summary><see cref="EngineLimits.TaskPayloadBytes"/>.</summary>
    public const string TaskPayload = "engine.limits.task_payload_kb";

    /// <summary><see cref="EngineLimits.WorkflowPayloadBytes"/>.</summary>
    public const string WorkflowPayload = "engine.limits.workflow_payload_kb";

    /// <summary><see cref="EngineLimits.VariablesBytes"/>.</summary>
    public const string Variables = "engine.limits.variables_kb";

    /// <summary><see cref="EngineLimits.FailureWorkflowDepth"/>.</summary>
    public const string FailureWorkflowDepth = "engine.limits.failure_workflow_depth";
}
