using Idflow.Engine;
using Idflow.Pipeline.Config;

namespace Idflow.Cli.Hosting;

/// <summary>What each key of <c>engine.limits</c> sets.</summary>
internal static class EngineLimitSettings
{
    /// <param name="values">By key (<see cref="EngineLimitKey"/>); what is not there keeps its default.</param>
    public static EngineLimits Of(IReadOnlyDictionary<string, double> values) => values.Aggregate(new EngineLimits(), (limits, value) => Set(limits, value.Key, value.Value));

    private static EngineLimits Set(EngineLimits limits, string key, double value) => key switch
    {
        "workflow_payload_kb" => limits with { WorkflowPayloadBytes = Kilobytes(value) },
        "workflow_payload_inline_kb" => limits with { WorkflowPayloadInlineBytes = Kilobytes(value) },
        "task_payload_kb" => limits with { TaskPayloadBytes = Kilobytes(value) },
        "task_payload_inline_kb" => limits with { TaskPayloadInlineBytes = Kilobytes(value) },
        "payload_file_kb" => limits with { PayloadFileBytes = Kilobytes(value) },
        "variables_kb" => limits with { VariablesBytes = Kilobytes(value) },
        "uploads" => limits with { Uploads = (int)value },
        "upload_hours" => limits with { UploadLifetime = TimeSpan.FromHours(value) },
        "definition_tasks" => limits with { DefinitionTasks = (int)value },
        "definition_depth" => limits with { DefinitionDepth = (int)value },
        "tasks_per_workflow" => limits with { TasksPerWorkflow = (int)value },
        "queued_tasks" => limits with { QueuedTasks = (int)value },
        "loop_iterations" => limits with { LoopIterations = (int)value },
        "fork_branches" => limits with { ForkBranches = (int)value },
        "sub_workflow_depth" => limits with { SubWorkflowDepth = (int)value },
        "failure_workflow_depth" => limits with { FailureWorkflowDepth = (int)value },
        "messages_per_workflow" => limits with { MessagesPerWorkflow = (int)value },
        "messages_per_pull" => limits with { MessagesPerPull = (int)value },
        "message_kb" => limits with { MessageBytes = Kilobytes(value) },
        "message_hours" => limits with { MessageLifetime = TimeSpan.FromHours(value) },
        "workflows_in_memory" => limits with { WorkflowsInMemory = (int)value },
        "log_lines_per_result" => limits with { LogLinesPerUpdate = (int)value },
        "tasks_per_poll" => limits with { TasksPerPoll = (int)value },
        "long_poll_seconds" => limits with { LongPoll = TimeSpan.FromSeconds(value) },
        "search_page" => limits with { SearchPage = (int)value },
        "commits_per_transaction" => limits with { CommitsPerTransaction = (int)value },
        "passes_per_decision" => limits with { PassesPerDecision = (int)value },
        "http_calls" => limits with { HttpCalls = (int)value },
        "http_answer_kb" => limits with { HttpAnswerBytes = Kilobytes(value) },
        "script_seconds" => limits with { ScriptTime = TimeSpan.FromSeconds(value) },
        "script_memory_mb" => limits with { ScriptBytes = (long)value << 20 },
        "script_statements" => limits with { ScriptStatements = (long)value },
        "jq_seconds" => limits with { JqTime = TimeSpan.FromSeconds(value) },
        "jq_memory_mb" => limits with { JqBytes = (long)value << 20 },
        _ => throw new ArgumentException($"Unknown limit '{key}'", nameof(key)),
    };

    private static int Kilobytes(double value) => (int)value * 1024;
}
