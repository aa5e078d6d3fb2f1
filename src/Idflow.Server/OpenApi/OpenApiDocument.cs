using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Idflow.Server.Endpoints;
using Idflow.Server.Http;

namespace Idflow.Server.OpenApi;

/// <summary>The server's description in OpenAPI 3.1, made from the route table.</summary>
internal static partial class OpenApiDocument
{
    public static JsonObject Create(IEnumerable<Route> routes)
    {
        var schemas = new SchemaSet();
        var paths = new JsonObject();
        foreach (var route in routes)
        {
            if (paths[route.Path] is not JsonObject path)
            {
                paths[route.Path] = path = [];
            }

            path[route.Method.ToLowerInvariant()] = Operation(route, schemas);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "idflow: Conductor REST API", ["version"] = SystemEndpoints.Version },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas.ToJson() },
        };
    }

    private static JsonObject Operation(Route route, SchemaSet schemas)
    {
        var operation = new JsonObject { ["summary"] = route.Summary, ["tags"] = new JsonArray(Tag(route.Path)) };
        var parameters = PathParameter().Matches(route.Path).Select(match => Parameter(match.Groups[1].Value, "path", "string"))
            .Concat(route.Parameters.Select(parameter => Parameter(parameter.Name, "query", parameter.Type)))
            .ToArray<JsonNode?>();
        if (parameters.Length > 0)
        {
            operation["parameters"] = new JsonArray(parameters);
        }

        if (route.Body is { } body)
        {
            operation["requestBody"] = new JsonObject { ["content"] = Content(body, schemas) };
        }

        var success = new JsonObject { ["description"] = "Done." };
        if (route.Result is { } result)
        {
            success["content"] = Content(result, schemas);
        }

        operation["responses"] = new JsonObject
        {
            ["200"] = success,
            ["default"] = new JsonObject { ["description"] = "Refused.", ["content"] = Content(typeof(ErrorBody), schemas) },
        };
        return operation;
    }

    private static JsonObject Parameter(string name, string place, string type) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = place == "path",
        ["schema"] = new JsonObject { ["type"] = type },
    };

    private static JsonObject Content(Type type, SchemaSet schemas) => type == typeof(string)
        ? new JsonObject { ["text/plain"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } } }
        : new JsonObject { [Answer.JsonType] = new JsonObject { ["schema"] = schemas.Of(type) } };

    private static string Tag(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["api", var resource, ..] ? resource : "server";

    [GeneratedRegex(@"\{\**(\w+)\}")]
    private static partial Regex PathParameter();
}
