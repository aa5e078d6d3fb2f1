using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Idflow.Workers.Binding;

/// <summary>How values of task methods are written as JSON: camel case, enums by name, numbers and true/false also read from text.</summary>
internal static class TaskJson
{
    public static JsonSerializerOptions Options { get; } = Create(JsonNumberHandling.AllowReadingFromString);

    /// <summary>The same without the readings from text, for schemas that say what is meant.</summary>
    public static JsonSerializerOptions Strict { get; } = Create(JsonNumberHandling.Strict);

    private static JsonSerializerOptions Create(JsonNumberHandling numbers)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNameCaseInsensitive = false,
            NumberHandling = numbers,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter() },
        };
        if (numbers != JsonNumberHandling.Strict)
        {
            options.Converters.Add(new BooleanFromTextConverter());
        }

        options.MakeReadOnly();
        return options;
    }

    /// <summary>Expressions that are part of a longer text give "true" and "false".</summary>
    private sealed class BooleanFromTextConverter : JsonConverter<bool>
    {
        public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.String when bool.TryParse(reader.GetString(), out var value) => value,
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
    }
}
