using System.Text.Json;
using System.Text.Json.Nodes;

namespace Idflow.Workers.Binding;

/// <summary>Makes a task's output of what its method returned.</summary>
internal static class OutputWriter
{
    /// <summary>The key of a value that is no object.</summary>
    public const string ResultKey = "result";

    /// <param name="value">The awaited value.</param>
    /// <param name="type">The declared type; null for a method without a result.</param>
    /// <exception cref="WorkerException">The value cannot be written as JSON.</exception>
    public static JsonObject Write(object? value, Type? type)
    {
        if (type is null)
        {
            return [];
        }

        try
        {
            // The run-time type, so that members of a derived class are not lost.
            var node = value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType(), TaskJson.Options);
            return node as JsonObject ?? new JsonObject { [ResultKey] = node };
        }
        catch (ArgumentException e) when (e.Message.Contains(nameof(System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals), StringComparison.Ordinal))
        {
            throw new WorkerException("The result holds NaN or an infinite number, which JSON cannot write. Return null or a text instead.", e);
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or ArgumentException or InvalidOperationException)
        {
            throw new WorkerException($"The result of type {value!.GetType().Name} cannot be written as JSON: {e.Message}", e);
        }
    }
}
