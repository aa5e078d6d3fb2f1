using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Idflow.Conductor.Json;

/// <summary>A null that a member cannot hold counts as absent: the member keeps its default.</summary>
internal static class NullLeavesTheDefault
{
    public static void Apply(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.Namespace != typeof(Model.Workflow).Namespace)
        {
            return;
        }

        var sample = type.CreateObject?.Invoke();
        foreach (var property in type.Properties)
        {
            if (property.Set is not { } set)
            {
                continue;
            }

            if (!property.PropertyType.IsValueType)
            {
                if (!property.IsSetNullable)
                {
                    property.Set = (target, value) => SetUnlessNull(set, target, value);
                }
            }
            else if (Nullable.GetUnderlyingType(property.PropertyType) is null && sample is not null && property.Get is { } get)
            {
                var inner = type.Options.GetConverter(property.PropertyType);
                property.CustomConverter = (JsonConverter)Activator.CreateInstance(
                    typeof(NullTolerantConverter<>).MakeGenericType(property.PropertyType), inner, get(sample))!;
            }
        }
    }

    private static void SetUnlessNull(Action<object, object?> set, object target, object? value)
    {
        if (value is not null)
        {
            NoNullElements.Check(value);
            set(target, value);
        }
    }

    private sealed class NullTolerantConverter<T>(JsonConverter<T> inner, T whenNull) : JsonConverter<T>
        where T : struct
    {
        public override bool HandleNull => true;

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? whenNull : inner.Read(ref reader, typeToConvert, options);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => inner.Write(writer, value, options);
    }
}
