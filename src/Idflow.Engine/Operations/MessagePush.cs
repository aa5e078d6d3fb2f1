using System.Globalization;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Execution;
using Idflow.Engine.State;

namespace Idflow.Engine.Operations;

/// <summary>Putting a message into the queue of a running workflow; a task that waits for it goes on at once.</summary>
internal static class MessagePush
{
    /// <returns>The message's id.</returns>
    /// <exception cref="ConductorException">409 for a workflow that does not run; 413 for a message over the limit; 429 for a full queue.</exception>
    public static string Apply(WorkflowState state, ChangeUnit unit, JsonObject payload)
    {
        var limits = unit.Context.Services.Limits;
        if (state.Row.Status != WorkflowStatus.RUNNING)
        {
            throw ConductorException.Conflict($"Workflow {state.Id} is {state.Row.Status}; only a RUNNING workflow takes messages");
        }
        if (PayloadSize.Of(payload) is var bytes && bytes > limits.MessageBytes)
        {
            throw new ConductorException(413, string.Create(CultureInfo.InvariantCulture, $"The message is {bytes / 1024} KB; the limit is {limits.MessageBytes / 1024} KB"));
        }
        MessageQueue.DropExpired(state, unit.Context);
        if (state.Messages.Count >= limits.MessagesPerWorkflow)
        {
            throw new ConductorException(429, $"The message queue of workflow {state.Id} is full: {limits.MessagesPerWorkflow} messages wait");
        }
        var message = new MessageRow(unit.Context.Ids.NewId(), state.Id, (JsonObject)payload.DeepClone(), unit.Context.Now);
        state.Push(message);
        unit.Decide(state);
        return message.Id;
    }
}
