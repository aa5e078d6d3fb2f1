using System.Text.Json.Nodes;

namespace Idflow.Conductor.Model;

/// <summary>What a worker tells about how it ran a task. Free, but always there: SDKs read it without a check.</summary>
public sealed record ExecutionMetadata
{
    public static readonly ExecutionMetadata None = new();

    public JsonObject AdditionalContext { get; init; } = [];
    public JsonObject AdditionalContextMap { get; init; } = [];

    /// <summary>Derived; written, never read.</summary>
    public bool Empty => AdditionalContext.Count == 0 && AdditionalContextMap.Count == 0;
}
