using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Definitions;

/// <summary>What kind of workflow a definition is, by its metadata: what <c>classifier</c> says, else <c>agent</c> for one that an agent SDK wrote, else <c>workflow</c>.</summary>
public static class Classifier
{
    /// <summary>Of a definition that says nothing about itself.</summary>
    public const string Default = "workflow";

    private const string Agent = "agent";
    private const string Key = "classifier";
    private static readonly string[] AgentMarks = ["agent_sdk", "agentDef"];

    /// <returns>Null for <see cref="Default"/>.</returns>
    public static string? Of(WorkflowDef definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var named = definition.Metadata[Key] is JsonValue value && value.TryGetValue<string>(out var text) && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
        return (named ?? (IsAgent(definition) ? Agent : null)) is { } classifier && classifier != Default ? classifier : null;
    }

    /// <summary>An agent SDK wrote it.</summary>
    public static bool IsAgent(WorkflowDef definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return AgentMarks.Any(definition.Metadata.ContainsKey);
    }
}
