using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Definitions;
using Idflow.Engine.Execution;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Scripting;
using Microsoft.Extensions.Logging;

namespace Idflow.Engine.Events;

/// <summary>Lets the active handlers of an event act on a message. An action leaves a record in the commit of what it does, and acts once.</summary>
internal sealed class EventProcessor(Catalogue catalogue, IEventReader store, WorkflowRunner runner, EventActions actions, ILogger log)
{
    public async Task HandleAsync(string eventName, string messageId, JsonObject payload)
    {
        foreach (var handler in catalogue.Handlers.Where(handler => handler.Active && handler.Event == eventName))
        {
            var holds = Holds(handler, payload, out var error);
            for (var i = 0; i < handler.Actions.Count; i++)
            {
                var record = new EventExecutionRow($"{messageId}_{i}", handler.Name!, eventName, messageId, "COMPLETED", handler.Actions[i].Action?.ToString(), [], runner.Now());
                if (store.HasEventExecution(record.Handler, record.Event, record.Id))
                {
                    continue;
                }
                if (!holds)
                {
                    await actions.RecordAsync(record with { Status = error is null ? "SKIPPED" : "FAILED", Output = Error(error) }).ConfigureAwait(false);
                    continue;
                }
                await ActAsync(handler.Actions[i], record, payload).ConfigureAwait(false);
            }
        }
    }

    private async Task ActAsync(EventAction action, EventExecutionRow record, JsonObject payload)
    {
        try
        {
            await actions.RunAsync(action, record, action.ExpandInlineJSON ? InlineJson.Expand(payload) : payload).ConfigureAwait(false);
        }
        catch (ConductorException error) when (!error.Retryable)
        {
            log.LogWarning(error, "Action {Action} of event handler {Handler} failed", record.Action, record.Handler);
            await actions.RecordAsync(record with { Status = "FAILED", Output = Error(error.Message) }).ConfigureAwait(false);
        }
    }

    private bool Holds(EventHandlerDef handler, JsonObject payload, out string? error)
    {
        error = null;
        if (string.IsNullOrWhiteSpace(handler.Condition))
        {
            return true;
        }
        try
        {
            var type = string.IsNullOrWhiteSpace(handler.EvaluatorType) ? "javascript" : handler.EvaluatorType;
            var value = Evaluators.Evaluate(runner.NewContext(), type, handler.Condition, InlineJson.Expand(payload));
            return ScriptForms.IsTrue(value);
        }
        catch (ScriptException thrown)
        {
            log.LogWarning(thrown, "The condition of event handler {Handler} failed", handler.Name);
            error = thrown.Message;
            return false;
        }
    }

    private static JsonObject Error(string? message) => message is null ? [] : new JsonObject { ["error"] = message };
}
