using System.Reflection;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Workers.Binding;

namespace Idflow.Workers.Discovery;

/// <summary>Makes the task definition from attribute, signature and doc comment.</summary>
internal static class TaskDescriber
{
    public static RegisteredTask Describe(MethodInfo method, WorkerTaskAttribute attribute, Func<object?> target)
    {
        var docs = XmlDocumentation.Of(method.DeclaringType!.Assembly);
        var input = InputBinder.For(method);
        var inputSchema = SchemaBuilder.Input(input, docs.Parameters(method));
        var outputSchema = SchemaBuilder.Output(TaskMethods.ReturnedType(method));
        var definition = new TaskDef
        {
            Name = attribute.Name,
            Description = docs.Summary(method),
            RetryCount = attribute.RetryCount,
            RetryLogic = attribute.RetryLogic,
            RetryDelaySeconds = attribute.RetryDelaySeconds,
            TimeoutSeconds = attribute.TimeoutSeconds,
            TimeoutPolicy = attribute.TimeoutPolicy,
            ResponseTimeoutSeconds = ResponseTimeout(attribute),
            ConcurrentExecLimit = attribute.ConcurrentExecLimit > 0 ? attribute.ConcurrentExecLimit : null,
            InputKeys = Keys(inputSchema),
            OutputKeys = Keys(outputSchema),
            InputSchema = Wrap(attribute.Name + "_input", inputSchema),
            OutputSchema = Wrap(attribute.Name + "_output", outputSchema),
        };
        return new RegisteredTask(method, attribute, definition, input, target);
    }

    /// <summary>Conductor refuses a response timeout above the timeout; the shorter limit is what the author meant.</summary>
    private static long ResponseTimeout(WorkerTaskAttribute attribute) =>
        attribute.TimeoutSeconds > 0 ? Math.Min(attribute.ResponseTimeoutSeconds, attribute.TimeoutSeconds) : attribute.ResponseTimeoutSeconds;

    private static IReadOnlyList<string> Keys(JsonObject schema) =>
        schema["properties"] is JsonObject properties ? [.. properties.Select(p => p.Key)] : [];

    /// <summary>Conductor's <c>SchemaDef</c>.</summary>
    private static JsonObject Wrap(string name, JsonObject schema) => new() { ["name"] = name, ["version"] = 1, ["type"] = "JSON", ["data"] = schema };
}
