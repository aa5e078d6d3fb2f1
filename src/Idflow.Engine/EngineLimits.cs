namespace Idflow.Engine;

/// <summary>Bounds of the engine. What exceeds one is refused, or fails its task or workflow, with a reason that names the limit.</summary>
public sealed record EngineLimits
{
    /// <summary>Bytes of JSON of a workflow's input or output; default 10,240 KB. More input is refused at the start, more output fails the workflow.</summary>
    public int WorkflowPayloadBytes { get; init; } = 10_240 * 1024;

    /// <summary>Bytes of JSON of a task's input or output; default 10,240 KB. More is emptied, and the task FAILED_WITH_TERMINAL_ERROR.</summary>
    public int TaskPayloadBytes { get; init; } = 10_240 * 1024;

    /// <summary>Bytes of a workflow's input or output that answers of the REST API carry; default 5,120 KB. More is fetched by its path.</summary>
    public int WorkflowPayloadInlineBytes { get; init; } = 5_120 * 1024;

    /// <summary>Bytes of a task's input or output that answers of the REST API carry; default 3,072 KB. More is fetched by its path.</summary>
    public int TaskPayloadInlineBytes { get; init; } = 3_072 * 1024;

    /// <summary>Bytes of a payload that stand in the database itself; default 512 KB. More is a file beside it.</summary>
    public int PayloadFileBytes { get; init; } = 512 * 1024;

    /// <summary>Payloads that clients have uploaded and not used yet; default 1,000. One more is refused with 429.</summary>
    public int Uploads { get; init; } = 1_000;

    /// <summary>How long an uploaded payload waits to be used; default 1 day.</summary>
    public TimeSpan UploadLifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Bytes of JSON of a workflow's variables; default 256 KB. More fails the SET_VARIABLE.</summary>
    public int VariablesBytes { get; init; } = 256 * 1024;

    /// <summary>Most entries of a definition, at all depths; default 10,000. More is refused.</summary>
    public int DefinitionTasks { get; init; } = 10_000;

    /// <summary>Deepest nesting of operators in a definition; default 64. More is refused.</summary>
    public int DefinitionDepth { get; init; } = 64;

    /// <summary>Tasks that one workflow may have run, all attempts and passes; default 2,000,000. One that would have more fails.</summary>
    public int TasksPerWorkflow { get; init; } = 2_000_000;

    /// <summary>Tasks that wait for workers, in all queues; default 5,000,000. With more, further starts are refused with 429.</summary>
    public int QueuedTasks { get; init; } = 5_000_000;

    /// <summary>Most iterations of one DO_WHILE; default 1,000,000.</summary>
    public int LoopIterations { get; init; } = 1_000_000;

    /// <summary>Most branches of one dynamic fork; default 100,000.</summary>
    public int ForkBranches { get; init; } = 100_000;

    /// <summary>Deepest nesting of sub-workflows; default 100.</summary>
    public int SubWorkflowDepth { get; init; } = 100;

    /// <summary>Failure workflows in a row, each started for the failure of the one before; default 10. The failure of the last one starts none.</summary>
    public int FailureWorkflowDepth { get; init; } = 10;

    /// <summary>Messages that wait in the queue of one workflow; default 1,000. One more is refused with 429.</summary>
    public int MessagesPerWorkflow { get; init; } = 1_000;

    /// <summary>Most messages of one PULL_WORKFLOW_MESSAGES task; default 100.</summary>
    public int MessagesPerPull { get; init; } = 100;

    /// <summary>Bytes of JSON of one message; default 256 KB. A larger one is refused with 413.</summary>
    public int MessageBytes { get; init; } = 256 * 1024;

    /// <summary>How long messages wait, counted from the last one that came; default 1 day. Then all are dropped.</summary>
    public TimeSpan MessageLifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Running workflows kept in memory; default 10,000. Beyond that those that were used least lately are read again when something
    /// happens to them.
    /// </summary>
    public int WorkflowsInMemory { get; init; } = 10_000;

    /// <summary>Lines of log kept of one result; default 10.</summary>
    public int LogLinesPerUpdate { get; init; } = 10;

    /// <summary>Most tasks of one poll; default 1,000.</summary>
    public int TasksPerPoll { get; init; } = 1_000;

    /// <summary>Longest long poll; default 5 s.</summary>
    public TimeSpan LongPoll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most results of a page of a search; default 5,000.</summary>
    public int SearchPage { get; init; } = 5_000;

    /// <summary>Most commits of one transaction; default 256.</summary>
    public int CommitsPerTransaction { get; init; } = 256;

    /// <summary>Passes of the decider before it commits what it has and goes on in a new decision; default 256.</summary>
    public int PassesPerDecision { get; init; } = 256;

    /// <summary>HTTP tasks in flight at once; default 64.</summary>
    public int HttpCalls { get; init; } = 64;

    /// <summary>Bytes of the answer to an HTTP task; default 10,240 KB. More fails the task.</summary>
    public int HttpAnswerBytes { get; init; } = 10_240 * 1024;

    /// <summary>Longest run of a script; default 4 s.</summary>
    public TimeSpan ScriptTime { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Bytes that a script may hold at once; default 128 MiB.</summary>
    public long ScriptBytes { get; init; } = 128L << 20;

    /// <summary>Most statements of a script; default 100 million.</summary>
    public long ScriptStatements { get; init; } = 100_000_000;

    /// <summary>Longest run of a jq program; default 4 s, which a single regular expression in it never exceeds.</summary>
    public TimeSpan JqTime { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Bytes that a jq program may allocate in all; default 2 GiB.</summary>
    public long JqBytes { get; init; } = 2L << 30;
}
