using System.Globalization;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>
/// Sizes of inputs and outputs. Above a first limit a payload has a path by which clients get it apart from its task or workflow; above
/// the second one it is emptied, and the task or workflow fails. What is put together from other tasks counts as if it were stored.
/// </summary>
internal static class PayloadLimits
{
    /// <summary>True when an operator has given a task another output, or ended one whose output is its members'.</summary>
    public static bool HasNewOutput(TaskRow before, TaskRow after) => !ReferenceEquals(before.Output, after.Output) || (IsAssembled(after) && after.IsTerminal);

    /// <summary>A task whose input or output is new.</summary>
    public static TaskRow Checked(WorkflowState state, TaskRow task, DecisionContext context)
    {
        var limits = context.Services.Limits;
        var input = PayloadSize.Of(task.Input);
        if (input > limits.TaskPayloadBytes)
        {
            return WithoutInput(task, context, input);
        }
        var inputPath = input > limits.TaskPayloadInlineBytes ? PayloadPath.TaskInput(task.TaskId) : null;
        return WithOutputChecked(state, inputPath == task.ExternalInputPath ? task : task with { ExternalInputPath = inputPath }, context);
    }

    /// <summary>A task whose input is over the limit: emptied, and failed for good.</summary>
    public static TaskRow WithoutInput(TaskRow task, DecisionContext context, long bytes) => Failed(task, context, bytes, "its input") with { Input = [], ExternalInputPath = null };

    /// <summary>The same for the output alone. Of a loop that is open its current pass counts: it is over, and another one may follow.</summary>
    public static TaskRow WithOutputChecked(WorkflowState state, TaskRow task, DecisionContext context)
    {
        var limits = context.Services.Limits;
        var checkedAnew = task.OutputDropped ? task with { OutputDropped = false } : task;
        var bytes = task is { TaskType: TaskTypes.DoWhile, IsTerminal: false } ? state.Sizes.WithCurrentPass(checkedAnew) : state.Sizes.Of(checkedAnew);
        if (bytes > limits.TaskPayloadBytes)
        {
            return Emptied(checkedAnew, context, bytes);
        }
        var path = bytes > limits.TaskPayloadInlineBytes ? PayloadPath.TaskOutput(task.TaskId) : null;
        return path == task.ExternalOutputPath ? checkedAnew : checkedAnew with { ExternalOutputPath = path };
    }

    /// <summary>A workflow that ends: an output over the limit is emptied, and fails a workflow that would else be COMPLETED.</summary>
    public static WorkflowRow Ended(WorkflowRow row, DecisionContext context)
    {
        var isGivenUp = ReferenceEquals(row.Output, WorkflowOutput.GivenUp);
        var bytes = isGivenUp ? context.Services.Limits.WorkflowPayloadBytes + 1L : PayloadSize.Of(row.Output);
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
                $"The input of the workflow is {bytes / 1024} KB; the limit is {limits.WorkflowPayloadBytes / 1024} KB ({LimitSettings.WorkflowPayload})"));
        }
    }

    private static bool IsAssembled(TaskRow task) => task.TaskType is TaskTypes.Join or TaskTypes.DoWhile;

    private static string TooLarge(long bytes, string workflowId, DecisionContext context) => string.Create(CultureInfo.InvariantCulture,
        $"The payload size: {bytes} of workflow: {workflowId} is greater than the permissible limit: {context.Services.Limits.WorkflowPayloadBytes} bytes (its output; {LimitSettings.WorkflowPayload})");

    /// <summary>One that has ended badly already keeps its own reason. A loop keeps its counter, which says where it stands.</summary>
    private static TaskRow Emptied(TaskRow task, DecisionContext context, long bytes)
    {
        var what = task.TaskType switch
        {
            TaskTypes.Join => "its output, which is that of its branches",
            TaskTypes.DoWhile => "its output, which is that of its passes",
            _ => "its output",
        };
        var failed = IsAssembled(task) && task.IsTerminal && !task.Status.IsSuccessful() ? task : Failed(task, context, bytes, what);
        return failed with
        {
            Output = task.TaskType == TaskTypes.DoWhile && task.Output["iteration"] is { } passes ? new JsonObject { ["iteration"] = passes.DeepClone() } : [],
            ExternalOutputPath = null,
            OutputDropped = IsAssembled(task),
        };
    }

    private static TaskRow Failed(TaskRow task, DecisionContext context, long bytes, string what) =>
        task.Ended(TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, context.Now, string.Create(CultureInfo.InvariantCulture,
            $"The payload size: {bytes} of task: {task.TaskId} in workflow: {task.WorkflowId}  is greater than the permissible limit: {context.Services.Limits.TaskPayloadBytes} bytes ({what}; {LimitSettings.TaskPayload})")) with
        { DueTime = 0 };
}
