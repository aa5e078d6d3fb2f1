using System.Globalization;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>
/// Sizes of inputs and outputs. Above a first limit a payload has a path by which clients get it apart from its task or workflow; above
/// the second one it is emptied, and the task or workflow fails.
/// </summary>
internal static class PayloadLimits
{
    /// <summary>A task whose input or output is new.</summary>
    public static TaskRow Checked(TaskRow task, DecisionContext context)
    {
        var limits = context.Services.Limits;
        var (input, output) = (PayloadSize.Of(task.Input), PayloadSize.Of(task.Output));
        if (input > limits.TaskPayloadBytes)
        {
            return Failed(task, context, input) with { Input = [], ExternalInputPath = null };
        }
        if (output > limits.TaskPayloadBytes)
        {
            return Failed(task, context, output) with { Output = [], ExternalOutputPath = null };
        }
        var inputPath = input > limits.TaskPayloadInlineBytes ? PayloadPath.TaskInput(task.TaskId) : null;
        var outputPath = output > limits.TaskPayloadInlineBytes ? PayloadPath.TaskOutput(task.TaskId) : null;
        return inputPath == task.ExternalInputPath && outputPath == task.ExternalOutputPath ? task : task with { ExternalInputPath = inputPath, ExternalOutputPath = outputPath };
    }

    /// <summary>A workflow that ends: an output over the limit is emptied, and fails a workflow that would else be COMPLETED.</summary>
    public static WorkflowRow Ended(WorkflowRow row, DecisionContext context)
    {
        var bytes = PayloadSize.Of(row.Output);
        if (bytes > context.Services.Limits.WorkflowPayloadBytes)
        {
            var emptied = row with { Output = [], ExternalOutputPath = null };
            return row.Status == WorkflowStatus.COMPLETED ? emptied with { Status = WorkflowStatus.FAILED, Reason = TooLarge(bytes, row.WorkflowId, context) } : emptied;
        }
        return row with { ExternalOutputPath = bytes > context.Services.Limits.WorkflowPayloadInlineBytes ? PayloadPath.WorkflowOutput(row.WorkflowId) : null };
    }

    /// <summary>The path of a workflow's input; null when it goes with the workflow.</summary>
    public static string? InputPath(string workflowId, JsonObject input, EngineLimits limits) =>
        PayloadSize.Of(input) > limits.WorkflowPayloadInlineBytes ? PayloadPath.WorkflowInput(workflowId) : null;

    /// <exception cref="ConductorException">400 for an input over the limit.</exception>
    public static void CheckInput(JsonObject input, EngineLimits limits)
    {
        if (PayloadSize.Of(input) is var bytes && bytes > limits.WorkflowPayloadBytes)
        {
            throw ConductorException.BadRequest(string.Create(CultureInfo.InvariantCulture,
                $"The input of the workflow is {bytes / 1024} KB; the limit is {limits.WorkflowPayloadBytes / 1024} KB"));
        }
    }

    private static string TooLarge(long bytes, string workflowId, DecisionContext context) => string.Create(CultureInfo.InvariantCulture,
        $"The payload size: {bytes} of workflow: {workflowId} is greater than the permissible limit: {context.Services.Limits.WorkflowPayloadBytes} bytes");

    private static TaskRow Failed(TaskRow task, DecisionContext context, long bytes) =>
        task.Ended(TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, context.Now, string.Create(CultureInfo.InvariantCulture,
            $"The payload size: {bytes} of task: {task.TaskId} in workflow: {task.WorkflowId}  is greater than the permissible limit: {context.Services.Limits.TaskPayloadBytes} bytes")) with
        { DueTime = 0 };
}

/// <summary>The paths by which clients get payloads.</summary>
internal static class PayloadPath
{
    private const string Suffix = ".json";

    public static string TaskInput(string taskId) => $"task/input/{taskId}{Suffix}";

    public static string TaskOutput(string taskId) => $"task/output/{taskId}{Suffix}";

    public static string WorkflowInput(string workflowId) => $"workflow/input/{workflowId}{Suffix}";

    public static string WorkflowOutput(string workflowId) => $"workflow/output/{workflowId}{Suffix}";

    /// <summary>What a path names: whose payload, which one, and the id.</summary>
    public static (string Owner, string Part, string Id)? Parse(string path) =>
        path.Split('/') is [("task" or "workflow") and var owner, ("input" or "output") and var part, var file] && file.EndsWith(Suffix, StringComparison.Ordinal)
            ? (owner, part, file[..^Suffix.Length])
            : null;
}
