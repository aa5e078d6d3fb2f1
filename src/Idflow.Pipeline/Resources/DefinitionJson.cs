using System.Text;
using System.Text.Json;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Pipeline.Sources;

namespace Idflow.Pipeline.Resources;

/// <summary>Reads Conductor definitions from JSON files; errors name line and column.</summary>
public static class DefinitionJson
{
    /// <summary>Conductor refuses a definition without an owner unless told otherwise.</summary>
    private const string DefaultOwner = "idflow@example.com";

    /// <exception cref="DefinitionException">The text is not JSON, or not a workflow definition.</exception>
    public static WorkflowDef ReadWorkflow(string text, string path)
    {
        var definition = Read<WorkflowDef>(text, path, "a workflow definition");
        if (string.IsNullOrWhiteSpace(definition.Name))
        {
            throw Error(path, 0, 0, "'name' is missing: the name that the workflow is started by.");
        }

        if (definition.Tasks.Count == 0)
        {
            throw Error(path, 0, 0, $"The workflow '{definition.Name}' has no 'tasks'.");
        }

        return definition with { OwnerEmail = definition.OwnerEmail ?? DefaultOwner };
    }

    /// <summary>A JSON list of event handlers, or a single one.</summary>
    /// <exception cref="DefinitionException">The text is not JSON, or an entry has no name, event or action.</exception>
    public static IReadOnlyList<EventHandlerDef> ReadEventHandlers(string text, string path)
    {
        IReadOnlyList<EventHandlerDef> handlers = text.AsSpan().TrimStart().StartsWith("{")
            ? [Read<EventHandlerDef>(text, path, "an event handler")]
            : Read<List<EventHandlerDef>>(text, path, "a list of event handlers");
        foreach (var (handler, index) in handlers.Select((handler, index) => (handler, index)))
        {
            var missing = string.IsNullOrWhiteSpace(handler.Name) ? "name" : string.IsNullOrWhiteSpace(handler.Event) ? "event" : handler.Actions.Count == 0 ? "actions" : null;
            if (missing is not null)
            {
                throw Error(path, 0, 0, $"'{missing}' is missing in event handler [{index}]{(missing == "name" ? "" : $" '{handler.Name}'")}.");
            }
        }

        return handlers;
    }

    private static T Read<T>(string text, string path, string what)
    {
        try
        {
            return ConductorJson.Deserialize<T>(text) ?? throw Error(path, 1, 1, $"Expected {what}, not null.");
        }
        catch (JsonException error)
        {
            var line = (int)(error.LineNumber ?? 0) + 1;
            var where = error.Path is null or "$" ? "" : $" at '{error.Path}'";
            throw Error(path, line, Column(text, line, (int)(error.BytePositionInLine ?? 0)), $"This is not {what}{where}: {Sentence(error.Message)}");
        }
    }

    /// <summary>The reader counts bytes from 0, an editor characters from 1.</summary>
    private static int Column(string text, int line, int bytes)
    {
        var content = text.Split('\n').ElementAtOrDefault(line - 1) ?? "";
        var utf8 = Encoding.UTF8.GetBytes(content);
        return Encoding.UTF8.GetCharCount(utf8, 0, Math.Min(bytes, utf8.Length)) + 1;
    }

    private static string Sentence(string message)
    {
        var end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        end = end < 0 ? message.IndexOf(" LineNumber: ", StringComparison.Ordinal) : end;
        return (end < 0 ? message : message[..end]).Replace(" which is not supported in this mode. Change the reader options.", ".", StringComparison.Ordinal);
    }

    private static DefinitionException Error(string path, int line, int column, string message) => new([new SourceError(path, line, column, message)]);
}
