using System.Text.Json.Nodes;

namespace Idflow.Engine.Expressions;

/// <summary>A scope over one object, such as an event's payload.</summary>
internal sealed class JsonScope(JsonObject root, string? taskId = null) : IExpressionScope
{
    public string? TaskId => taskId;

    public bool TryResolve(IReadOnlyList<string> keys, out int used, out JsonNode? value)
    {
        used = 1;
        return root.TryGetPropertyValue(keys[0], out value);
    }

    public JsonObject Whole() => root;
}
