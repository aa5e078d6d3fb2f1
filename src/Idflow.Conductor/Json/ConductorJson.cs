using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Idflow.Conductor.Json;

/// <summary>
/// Conductor's JSON. Written: camel case, absent for null members (null values inside maps stay), enum constants by name,
/// text escaped only where JSON itself needs it. Read as its Java server reads it: unknown members ignored, null for a list,
/// map, number or flag leaves the default, numbers and flags may be text, text may be a number or a flag. Only a name that
/// stands twice in one object is refused, since which of the two is meant cannot be known, and a null among the elements of a list.
/// </summary>
public static class ConductorJson
{
    /// <summary>Deepest nesting that is read or written.</summary>
    public const int MaxDepth = 1000;

    /// <summary>Read-only; shared by every room that touches the wire.</summary>
    public static JsonSerializerOptions Wire { get; } = Create();

    /// <summary>The contract of <typeparamref name="T"/> under <see cref="Wire"/>.</summary>
    public static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)Wire.GetTypeInfo(typeof(T));

    public static string Serialize<T>(T value) => JsonSerializer.Serialize(value, TypeOf<T>());

    public static byte[] SerializeToUtf8Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, TypeOf<T>());

    public static JsonNode? ToNode<T>(T value) => JsonSerializer.SerializeToNode(value, TypeOf<T>());

    /// <exception cref="JsonException">The text is not JSON of that shape; names the path and the line.</exception>
    public static T? Deserialize<T>(string json) => Deserialize<T>(Encoding.UTF8.GetBytes(json));

    /// <inheritdoc cref="Deserialize{T}(string)"/>
    public static T? Deserialize<T>(ReadOnlySpan<byte> utf8Json) => Deserialize<T>(utf8Json, MaxDepth);

    /// <param name="utf8Json">The text.</param>
    /// <param name="maxDepth">Deepest nesting that is accepted.</param>
    /// <inheritdoc cref="Deserialize{T}(string)"/>
    public static T? Deserialize<T>(ReadOnlySpan<byte> utf8Json, int maxDepth)
    {
        var reader = new Utf8JsonReader(utf8Json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            var value = JsonSerializer.Deserialize(ref reader, TypeOf<T>());
            reader.Read();
            NoNullElements.Check(value);
            return value;
        }
        catch (ArgumentException exception) when (exception is not ArgumentNullException)
        {
            // How the base library reports a name that stands twice in a JsonObject.
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <inheritdoc cref="Deserialize{T}(string)"/>
    public static T? Deserialize<T>(JsonNode? node) => node.Deserialize(TypeOf<T>());

    private static JsonSerializerOptions Create()
    {
        // Reflection, not generated metadata: that one loses the defaults of init-only members.
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = MaxDepth,
            AllowDuplicateProperties = false,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NullLeavesTheDefault.Apply } },
            Converters =
            {
                new LenientTextConverter(), new LenientFlagConverter(), new LenientIntConverter(), new LenientLongConverter(),
                new NamedEnumConverterFactory(),
            },
        };
        options.MakeReadOnly();
        return options;
    }
}
