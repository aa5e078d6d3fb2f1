using System.Text.Json.Nodes;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>The queue of messages that a workflow has while it runs.</summary>
internal static class MessageQueue
{
    /// <summary>Messages that have waited too long since the last one came are gone, all together.</summary>
    public static void DropExpired(WorkflowState state, DecisionContext context)
    {
        if (state.Messages.LastOrDefault() is { } last && last.ReceivedAt + (long)context.Services.Limits.MessageLifetime.TotalMilliseconds <= context.Now)
        {
            state.ClearMessages();
        }
    }

    /// <summary>A message as a task's output shows it; <c>receivedAt</c> is ISO text in UTC.</summary>
    public static JsonObject Shown(MessageRow message) => new()
    {
        ["id"] = message.Id,
        ["workflowId"] = message.WorkflowId,
        ["payload"] = message.Payload.DeepClone(),
        ["receivedAt"] = DateTimeOffset.FromUnixTimeMilliseconds(message.ReceivedAt).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
    };
}
