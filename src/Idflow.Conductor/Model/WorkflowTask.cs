using System.Text.Json.Nodes;

namespace Idflow.Conductor.Model;

/// <summary>One entry of a workflow definition's <c>tasks</c>.</summary>
public sealed record WorkflowTask
{
    public string? Name { get; init; }
    public string? TaskReferenceName { get; init; }

    /// <summary>SIMPLE, or an operator or system task; see <see cref="TaskTypes"/>. Unknown types are worker tasks queued under the type.</summary>
    public string Type { get; init; } = TaskTypes.Simple;
    public string? Description { get; init; }
    public JsonObject InputParameters { get; init; } = [];

    /// <summary>Seconds to wait before the task can be polled.</summary>
    public int StartDelay { get; init; }
    public bool Optional { get; init; }
    public bool Permissive { get; init; }
    public bool AsyncComplete { get; init; }
    public bool? RateLimited { get; init; }

    /// <summary>Overrides the task definition's retry count.</summary>
    public int? RetryCount { get; init; }

    /// <summary>Wins over the registered task definition of the same name.</summary>
    public TaskDef? TaskDefinition { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<WorkflowTask>> DecisionCases { get; init; } = EmptyCases;
    public IReadOnlyList<WorkflowTask> DefaultCase { get; init; } = [];
    public string? EvaluatorType { get; init; }
    public string? Expression { get; init; }
    public string? CaseValueParam { get; init; }
    public string? CaseExpression { get; init; }
    public string? ScriptExpression { get; init; }

    public IReadOnlyList<IReadOnlyList<WorkflowTask>> ForkTasks { get; init; } = [];
    public string? DynamicForkTasksParam { get; init; }
    public string? DynamicForkTasksInputParamName { get; init; }
    public string? DynamicForkJoinTasksParam { get; init; }
    public string? DynamicTaskNameParam { get; init; }

    public IReadOnlyList<string> JoinOn { get; init; } = [];
    public IReadOnlyList<string> DefaultExclusiveJoinTask { get; init; } = [];
    public string? JoinStatus { get; init; }
    public string? JoinMode { get; init; }

    public string? LoopCondition { get; init; }
    public string? Items { get; init; }
    public IReadOnlyList<WorkflowTask> LoopOver { get; init; } = [];

    public SubWorkflowParams? SubWorkflowParam { get; init; }
    public string? Sink { get; init; }
    public JsonObject OnStateChange { get; init; } = [];
    public JsonObject? CacheConfig { get; init; }
    public JsonObject Metadata { get; init; } = [];

    private static readonly IReadOnlyDictionary<string, IReadOnlyList<WorkflowTask>> EmptyCases =
        new Dictionary<string, IReadOnlyList<WorkflowTask>>();
}

/// <summary>Which workflow a SUB_WORKFLOW task runs.</summary>
public sealed record SubWorkflowParams
{
    public string? Name { get; init; }

    /// <summary>Absent: the highest version when the parent starts. A number or an expression.</summary>
    public JsonNode? Version { get; init; }
    public JsonObject? TaskToDomain { get; init; }

    /// <summary>An inline definition, or a text that is one expression.</summary>
    public JsonNode? WorkflowDefinition { get; init; }
    public string? IdempotencyKey { get; init; }
    public string? IdempotencyStrategy { get; init; }
    public JsonNode? Priority { get; init; }
}
