namespace Idflow.Pipeline.Config;

/// <summary>A key of <c>engine.limits</c>. Its name ends with its unit; without one it counts.</summary>
/// <param name="Name">The key.</param>
/// <param name="Least">Smallest value.</param>
/// <param name="Most">Largest value.</param>
/// <param name="Whole">Only whole numbers.</param>
public sealed record EngineLimitKey(string Name, double Least, double Most, bool Whole = true)
{
    private const double AnyCount = int.MaxValue;
    private const double AnyKilobytes = int.MaxValue / 1024;
    private const double Day = 24 * 3600;

    /// <summary>Every key there is.</summary>
    public static IReadOnlyList<EngineLimitKey> All { get; } =
    [
        new("workflow_payload_kb", 1, AnyKilobytes),
        new("workflow_payload_inline_kb", 1, AnyKilobytes),
        new("task_payload_kb", 1, AnyKilobytes),
        new("task_payload_inline_kb", 1, AnyKilobytes),
        new("payload_file_kb", 1, AnyKilobytes),
        new("variables_kb", 1, AnyKilobytes),
        new("uploads", 1, AnyCount),
        new("upload_hours", 0.01, 10_000, Whole: false),
        new("definition_tasks", 1, AnyCount),
        new("definition_depth", 1, 200),
        new("tasks_per_workflow", 1, AnyCount),
        new("queued_tasks", 1, AnyCount),
        new("loop_iterations", 1, AnyCount),
        new("fork_branches", 1, AnyCount),
        new("sub_workflow_depth", 1, 10_000),
        new("failure_workflow_depth", 1, 1000),
        new("messages_per_workflow", 1, AnyCount),
        new("messages_per_pull", 1, AnyCount),
        new("message_kb", 1, AnyKilobytes),
        new("message_hours", 0.01, 10_000, Whole: false),
        new("workflows_in_memory", 0, AnyCount),
        new("log_lines_per_result", 0, AnyCount),
        new("tasks_per_poll", 1, AnyCount),
        new("long_poll_seconds", 0.001, 600, Whole: false),
        new("search_page", 1, AnyCount),
        new("commits_per_transaction", 1, 100_000),
        new("passes_per_decision", 1, AnyCount),
        new("http_calls", 1, 100_000),
        new("http_answer_kb", 1, AnyKilobytes),
        new("script_seconds", 0.001, Day, Whole: false),
        new("script_memory_mb", 1, AnyKilobytes),
        new("script_statements", 1, 1e15),
        new("jq_seconds", 0.001, Day, Whole: false),
        new("jq_memory_mb", 1, AnyKilobytes),
    ];
}
