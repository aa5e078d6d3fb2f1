using System.Globalization;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>
/// PULL_WORKFLOW_MESSAGES: takes the oldest messages out of its workflow's queue, up to <c>batchSize</c> (default 1). With none there it waits
/// for the first, or with <c>blocking</c> false ends with none.
/// </summary>
internal sealed class PullMessagesOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        var taskId = mapping.Context.Ids.NewId();
        return [mapping.NewTask(entry, TaskTypes.PullWorkflowMessages, TaskExecutionStatus.IN_PROGRESS, mapping.Input(entry, taskId), taskId)];
    }

    public TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task)
    {
        MessageQueue.DropExpired(state, context);
        if (state.Messages.Count == 0 && Flag(task.Input["blocking"]))
        {
            // Another attempt waits as the first one did.
            return task.Status == TaskExecutionStatus.IN_PROGRESS ? task : task with { Status = TaskExecutionStatus.IN_PROGRESS, StartTime = context.Now };
        }
        var messages = Take(state, context.Services.Limits, Math.Clamp(Number(task.Input["batchSize"]), 1, context.Services.Limits.MessagesPerPull));
        return task.Ended(TaskExecutionStatus.COMPLETED, context.Now) with { Output = new JsonObject { ["messages"] = messages, ["count"] = messages.Count } };
    }

    /// <summary>As many as the output has room for, but one at least.</summary>
    private static JsonArray Take(WorkflowState state, EngineLimits limits, int most)
    {
        var messages = new JsonArray();
        var bytes = 0L;
        while (messages.Count < most && state.Messages.FirstOrDefault() is { } next)
        {
            bytes += PayloadSize.Of(next.Payload) + 256;
            if (messages.Count > 0 && bytes > limits.TaskPayloadBytes)
            {
                break;
            }
            messages.Add(MessageQueue.Shown(state.Pull()));
        }
        return messages;
    }

    private static bool Flag(JsonNode? value) => !bool.TryParse(value?.ToString(), out var flag) || flag;

    private static int Number(JsonNode? value) => int.TryParse(value?.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 1;
}
