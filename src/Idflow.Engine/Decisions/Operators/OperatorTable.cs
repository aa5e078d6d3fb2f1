using System.Collections.Frozen;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>The operators by type. Every other type is a worker task queued under the type.</summary>
internal static class OperatorTable
{
    private static readonly UserDefinedOperator UserDefined = new();

    /// <summary>System tasks of Conductor that this engine does not have.</summary>
    private static readonly string[] Unsupported =
    [
        TaskTypes.KafkaPublish, "JDBC", "GENERATE_IMAGE", "GENERATE_AUDIO", "GENERATE_VIDEO", "GENERATE_PDF", "LLM_INDEX_TEXT", "LLM_STORE_EMBEDDINGS", "LLM_SEARCH_INDEX",
        "LLM_SEARCH_EMBEDDINGS", "LLM_GET_EMBEDDINGS", "LIST_MCP_TOOLS", "CALL_MCP_TOOL", "AGENT", "GET_AGENT_CARD", "CANCEL_AGENT",
    ];

    private static readonly FrozenDictionary<string, IOperator> Operators = new Dictionary<string, IOperator>
    {
        [TaskTypes.Simple] = new SimpleOperator(),
        [TaskTypes.Dynamic] = new DynamicOperator(),
        [TaskTypes.ForkJoin] = new ForkJoinOperator(),
        [TaskTypes.ForkJoinDynamic] = new DynamicForkOperator(),
        // The type of the tasks of both kinds of forks.
        [TaskTypes.Fork] = new ForkJoinOperator(),
        [TaskTypes.Join] = new JoinOperator(),
        [TaskTypes.ExclusiveJoin] = new ExclusiveJoinOperator(),
        [TaskTypes.DoWhile] = new DoWhileOperator(),
        [TaskTypes.Switch] = new SwitchOperator(),
        [TaskTypes.Decision] = new DecisionOperator(),
        [TaskTypes.SubWorkflow] = new SubWorkflowOperator(),
        [TaskTypes.StartWorkflow] = new StartWorkflowOperator(),
        [TaskTypes.Terminate] = new TerminateOperator(),
        [TaskTypes.SetVariable] = new SetVariableOperator(),
        [TaskTypes.Inline] = new InlineOperator(),
        [TaskTypes.Lambda] = new LambdaOperator(),
        [TaskTypes.JsonJqTransform] = new JqOperator(),
        [TaskTypes.Wait] = new WaitOperator(),
        [TaskTypes.Human] = new HumanOperator(),
        [TaskTypes.Event] = new EventOperator(),
        [TaskTypes.Http] = new HttpOperator(),
        [TaskTypes.Noop] = new NoopOperator(),
        [TaskTypes.PullWorkflowMessages] = new PullMessagesOperator(),
    }.Concat(Unsupported.Select(type => KeyValuePair.Create<string, IOperator>(type, new UnsupportedOperator(type)))).ToFrozenDictionary();

    /// <summary>Types that are never attempted again: their outcome is that of their members.</summary>
    private static readonly FrozenSet<string> NeverRetried = FrozenSet.Create(
        TaskTypes.Decision, TaskTypes.Switch, TaskTypes.Fork, TaskTypes.Join, TaskTypes.ExclusiveJoin, TaskTypes.DoWhile);

    /// <summary>By the type of an entry, or by the type of a task; for tasks of workers that is the name to poll for.</summary>
    public static IOperator Of(string type) => Operators.GetValueOrDefault(type, UserDefined);

    public static bool IsSystem(string type) => Operators.ContainsKey(type) && type is not (TaskTypes.Simple or TaskTypes.Dynamic);

    public static OperatorKind KindOf(TaskRow task) => IsSystem(task.TaskType) ? Of(task.TaskType).Kind : OperatorKind.Worker;

    public static bool IsRetried(string type) => !NeverRetried.Contains(type);
}
