using System.Text.Json.Nodes;
using Idflow.Conductor.Json;

namespace Idflow.Server.OpenApi;

/// <summary>JSON schemas of the wire types, each once, referred to by name.</summary>
internal sealed class SchemaSet
{
    private readonly SortedDictionary<string, JsonNode?> _schemas = new(StringComparer.Ordinal);

    /// <summary>A schema, or a reference to one that is kept here.</summary>
    public JsonNode Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Primitive(type) is { } primitive)
        {
            return new JsonObject { ["type"] = primitive };
        }

        if (type.IsEnum)
        {
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray(Enum.GetNames(type).Select(name => (JsonNode?)name).ToArray()) };
        }

        if (MapValue(type) is { } value)
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(value) };
        }

        if (ListItem(type) is { } item)
        {
            return new JsonObject { ["type"] = "array", ["items"] = Of(item) };
        }

        return typeof(JsonNode).IsAssignableFrom(type)
            ? type == typeof(JsonObject) ? new JsonObject { ["type"] = "object" } : new JsonObject()
            : Reference(type);
    }

    public JsonObject ToJson() => new(_schemas);

    private JsonObject Reference(Type type)
    {
        var name = Name(type);
        if (_schemas.TryAdd(name, null))
        {
            var properties = new JsonObject();
            foreach (var property in ConductorJson.Wire.GetTypeInfo(type).Properties)
            {
                properties[property.Name] = Of(property.PropertyType);
            }

            _schemas[name] = new JsonObject { ["type"] = "object", ["properties"] = properties };
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private static string Name(Type type) => type.IsGenericType
        ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] + "Of" + string.Concat(type.GetGenericArguments().Select(Name))
        : type.Name;

    private static string? Primitive(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => null,
        TypeCode.String => "string",
        TypeCode.Boolean => "boolean",
        TypeCode.Int32 or TypeCode.Int64 => "integer",
        TypeCode.Double => "number",
        _ => null,
    };

    private static Type? MapValue(Type type) => Generic(type, typeof(IReadOnlyDictionary<,>))?[1];

    private static Type? ListItem(Type type) => typeof(JsonNode).IsAssignableFrom(type) ? null : Generic(type, typeof(IEnumerable<>))?[0];

    private static Type[]? Generic(Type type, Type definition) => type.GetInterfaces().Append(type)
        .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == definition)?.GetGenericArguments();
}
