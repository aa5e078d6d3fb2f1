namespace Idflow.Conductor.Model;

/// <summary>Conductor's names of operators and system tasks.</summary>
public static class TaskTypes
{
    public const string Simple = "SIMPLE";
    public const string UserDefined = "USER_DEFINED";
    public const string Dynamic = "DYNAMIC";
    public const string ForkJoin = "FORK_JOIN";
    public const string ForkJoinDynamic = "FORK_JOIN_DYNAMIC";

    /// <summary>The type that both fork operators carry as an executed task.</summary>
    public const string Fork = "FORK";
    public const string Join = "JOIN";
    public const string ExclusiveJoin = "EXCLUSIVE_JOIN";
    public const string DoWhile = "DO_WHILE";
    public const string Switch = "SWITCH";
    public const string Decision = "DECISION";
    public const string SubWorkflow = "SUB_WORKFLOW";
    public const string StartWorkflow = "START_WORKFLOW";
    public const string Terminate = "TERMINATE";
    public const string SetVariable = "SET_VARIABLE";
    public const string Inline = "INLINE";
    public const string Lambda = "LAMBDA";
    public const string JsonJqTransform = "JSON_JQ_TRANSFORM";
    public const string Wait = "WAIT";
    public const string Human = "HUMAN";
    public const string Event = "EVENT";
    public const string Http = "HTTP";
    public const string Noop = "NOOP";
    public const string KafkaPublish = "KAFKA_PUBLISH";
    public const string PullWorkflowMessages = "PULL_WORKFLOW_MESSAGES";
}
