using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Engine;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary>
/// Payloads that are too large for the answer about their workflow or task, and uploads that a start or a result names. A client asks for a
/// location and then gets or puts the payload there, with plain HTTP. Over a conductor that keeps none the location has no address.
/// </summary>
internal sealed class PayloadEndpoints(IPayloadStorage? storage)
{
    /// <summary>As Conductor serves payloads that it keeps in its own database.</summary>
    private const string Place = "/external/postgres/";

    private enum Operation { READ, WRITE }

    private enum PayloadType { WORKFLOW_INPUT, WORKFLOW_OUTPUT, TASK_INPUT, TASK_OUTPUT }

    public void Map(RouteTable routes)
    {
        string[] paths = ["/tasks/externalstoragelocation", "/tasks/external-storage-location", "/workflow/externalstoragelocation", "/workflow/external-storage-location"];
        foreach (var path in paths)
        {
            routes.Get(path, "The place of a large payload.", call => Task.FromResult(Locate(call))).Query("path", "operation", "payloadType").Gives<PayloadLocation>();
        }

        if (storage is not null)
        {
            routes.Get(Place + "{**path}", "A payload by its path.", call => ReadAsync(storage, call)).Gives<JsonObject>();
            routes.Put(Place + "{**path}", "Keeps a payload under a path, for a start or a result that names it.", call => UploadAsync(storage, call)).Takes<JsonObject>();
        }
    }

    private Answer Locate(ApiCall call)
    {
        call.RequiredQuery("operation");
        call.RequiredQuery("payloadType");
        var operation = call.QueryEnum("operation", Operation.READ);
        var folder = call.QueryEnum("payloadType", PayloadType.TASK_INPUT).ToString().ToLowerInvariant().Replace('_', '/');
        if (storage is null)
        {
            return Answer.Json(new PayloadLocation(null, $"{call.Query("path")}{Guid.NewGuid()}.json"));
        }

        var path = call.Query("path") ?? (operation == Operation.WRITE ? $"{folder}/{Guid.NewGuid()}.json" : throw ConductorException.BadRequest("Parameter 'path': which payload is to be read"));
        var request = call.Context.Request;
        var escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        return Answer.Json(new PayloadLocation($"{request.Scheme}://{request.Host}/api{Place}{escaped}", path));
    }

    private static async Task<Answer> ReadAsync(IPayloadStorage storage, ApiCall call) =>
        Answer.Json(await storage.ReadPayloadAsync(call.Path("path"), call.Aborted) ?? throw ConductorException.NotFound($"No payload is stored under the path {call.Path("path")}"));

    private static async Task<Answer> UploadAsync(IPayloadStorage storage, ApiCall call)
    {
        await storage.UploadPayloadAsync(call.Path("path"), await call.BodyAsync<JsonObject>(), call.Aborted);
        return Answer.Empty;
    }

    internal sealed record PayloadLocation(string? Uri, string Path);
}
