using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary>
/// Where SDKs would put payloads that are too large for a request. This server keeps none elsewhere, so it names a path and no
/// address, as Conductor does without a configured storage; SDKs then send the payload itself.
/// </summary>
internal static class PayloadEndpoints
{
    private enum Operation { READ, WRITE }

    private enum PayloadType { WORKFLOW_INPUT, WORKFLOW_OUTPUT, TASK_INPUT, TASK_OUTPUT }

    public static void Map(RouteTable routes)
    {
        string[] paths = ["/tasks/externalstoragelocation", "/tasks/external-storage-location", "/workflow/externalstoragelocation", "/workflow/external-storage-location"];
        foreach (var path in paths)
        {
            routes.Get(path, "The place of a large payload.", call => Task.FromResult(Locate(call))).Query("path", "operation", "payloadType").Gives<PayloadLocation>();
        }
    }

    private static Answer Locate(ApiCall call)
    {
        call.RequiredQuery("operation");
        call.RequiredQuery("payloadType");
        _ = call.QueryEnum("operation", Operation.READ);
        _ = call.QueryEnum("payloadType", PayloadType.TASK_INPUT);
        return Answer.Json(new PayloadLocation(null, $"{call.Query("path")}{Guid.NewGuid()}.json"));
    }

    internal sealed record PayloadLocation(string? Uri, string Path);
}
