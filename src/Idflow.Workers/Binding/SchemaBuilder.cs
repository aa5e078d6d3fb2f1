using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace Idflow.Workers.Binding;

/// <summary>JSON schemas (draft 2020-12) of a method's input and output.</summary>
internal static class SchemaBuilder
{
    private static readonly JsonSchemaExporterOptions Options = new() { TreatNullObliviousAsNonNullable = true };

    /// <param name="input">The method's parameters.</param>
    /// <param name="descriptions">By parameter name.</param>
    public static JsonObject Input(InputBinder input, IReadOnlyDictionary<string, string> descriptions)
    {
        if (input.Parameters.FirstOrDefault(p => p.Source == InputSource.Whole) is { } whole)
        {
            return Of(whole.Type) as JsonObject ?? new JsonObject { ["type"] = "object" };
        }

        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var parameter in input.Parameters.Where(p => p.Source == InputSource.Key))
        {
            properties[parameter.Key] = Property(parameter, descriptions.GetValueOrDefault(parameter.Name));
            if (parameter.Required)
            {
                required.Add(parameter.Key);
            }
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        return schema;
    }

    /// <param name="returned">Null for a method without a result.</param>
    public static JsonObject Output(Type? returned)
    {
        if (returned is null)
        {
            return new JsonObject { ["type"] = "object" };
        }

        var schema = Of(returned);
        if (schema is JsonObject map && (map.ContainsKey("properties") || map.ContainsKey("additionalProperties") || IsObject(map)))
        {
            return map;
        }

        return typeof(JsonNode).IsAssignableFrom(returned) && returned != typeof(JsonArray) && returned != typeof(JsonValue) || returned == typeof(object)
            ? new JsonObject { ["type"] = "object" }
            : new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { [OutputWriter.ResultKey] = schema } };
    }

    private static JsonObject Property(InputParameter parameter, string? description)
    {
        var schema = Of(parameter.Type);
        if (schema is not JsonObject map)
        {
            map = [];
        }

        if (description is not null)
        {
            map["description"] = description;
        }

        if (parameter is { HasDefault: true, Default: not null })
        {
            map["default"] = System.Text.Json.JsonSerializer.SerializeToNode(parameter.Default, parameter.Type, TaskJson.Strict);
        }

        return map;
    }

    private static bool IsObject(JsonObject schema) => schema["type"] is JsonValue type && type.TryGetValue<string>(out var name) && name == "object";

    /// <summary>A type that the exporter has no schema for allows every value.</summary>
    private static JsonNode Of(Type type)
    {
        try
        {
            return TaskJson.Strict.GetJsonSchemaAsNode(type, Options);
        }
        catch (NotSupportedException)
        {
            return new JsonObject();
        }
    }
}
