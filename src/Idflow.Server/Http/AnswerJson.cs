using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;

namespace Idflow.Server.Http;

/// <summary>
/// Conductor's JSON as this server writes it: a payload that has a path of its own is an empty map, and the client fetches it by that path.
/// </summary>
internal static class AnswerJson
{
    private static readonly JsonSerializerOptions Options = Create();

    public static byte[] Of<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T)));

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(ConductorJson.Wire) { TypeInfoResolver = ConductorJson.Wire.TypeInfoResolver!.WithAddedModifier(LeaveOut) };
        options.MakeReadOnly();
        return options;
    }

    private static void LeaveOut(JsonTypeInfo info)
    {
        if (info.Type == typeof(Workflow))
        {
            Empty<Workflow>(info, "input", workflow => workflow.ExternalInputPayloadStoragePath);
            Empty<Workflow>(info, "output", workflow => workflow.ExternalOutputPayloadStoragePath);
        }
        else if (info.Type == typeof(TaskExecution))
        {
            Empty<TaskExecution>(info, "inputData", task => task.ExternalInputPayloadStoragePath);
            Empty<TaskExecution>(info, "outputData", task => task.ExternalOutputPayloadStoragePath);
        }
    }

    private static void Empty<T>(JsonTypeInfo info, string name, Func<T, string?> path)
    {
        var property = info.Properties.Single(property => property.Name == name);
        var value = property.Get!;
        property.Get = owner => path((T)owner) is null ? value(owner) : new JsonObject();
    }
}
