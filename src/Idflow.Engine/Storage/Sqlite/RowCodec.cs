using Idflow.Engine.State;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>
/// Rows as blobs of JSON: payloads, and rows that are small in number. New fields of a row need nothing here: what an old blob lacks has
/// its default. The states of workflows and tasks were written so up to schema 2, and are read still.
/// </summary>
internal static class RowCodec
{
    private static readonly string[] PayloadProperties = ["input", "output", "variables"];

    private static readonly JsonSerializerOptions Options = CreateOptions();

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 1024 };

    public static byte[] Encode<T>(T row) => BlobCodec.Encode(JsonSerializer.SerializeToUtf8Bytes(row, (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T))));

    public static T Decode<T>(ReadOnlySpan<byte> blob) => JsonSerializer.Deserialize(BlobCodec.Decode(blob), (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T)))!;

    public static byte[] Encode(WorkflowDef definition) => BlobCodec.Encode(JsonSerializer.SerializeToUtf8Bytes(definition, ConductorJson.Wire));

    public static WorkflowDef DecodeDefinition(ReadOnlySpan<byte> blob) => JsonSerializer.Deserialize<WorkflowDef>(BlobCodec.Decode(blob), ConductorJson.Wire)!;

    public static byte[] Encode(JsonObject payload)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            payload.WriteTo(writer);
        }

        return BlobCodec.Encode(buffer.WrittenSpan);
    }

    /// <summary>An empty map for no blob.</summary>
    public static JsonObject DecodePayload(ReadOnlySpan<byte> blob) => blob.IsEmpty ? [] : ParsePayload(BlobCodec.Decode(blob));

    public static JsonObject ParsePayload(ReadOnlySpan<byte> json) => JsonNode.Parse(json, null, Reading)!.AsObject();

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(ConductorJson.Wire)
        {
            IgnoreReadOnlyProperties = true,
            TypeInfoResolver = ConductorJson.Wire.TypeInfoResolver!.WithAddedModifier(Adapt),
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Payloads are stored apart; zeros are left out where a row's default is zero too.</summary>
    private static void Adapt(JsonTypeInfo info)
    {
        if (info.Type != typeof(WorkflowRow) && info.Type != typeof(TaskRow))
        {
            return;
        }

        for (var i = info.Properties.Count - 1; i >= 0; i--)
        {
            var property = info.Properties[i];
            if (PayloadProperties.Contains(property.Name))
            {
                info.Properties.RemoveAt(i);
            }
            else if (property.PropertyType.IsValueType && property.Name != "version")
            {
                var zero = Activator.CreateInstance(property.PropertyType);
                property.ShouldSerialize = (_, value) => value is not null && !value.Equals(zero);
            }
        }
    }
}
