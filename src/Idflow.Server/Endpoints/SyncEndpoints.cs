using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Server.Execution;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary>Calls that start or wake a workflow and wait for what comes of it.</summary>
internal sealed class SyncEndpoints(IConductor conductor, TimeProvider time)
{
    private const int DefaultExecuteSeconds = 10;
    private const int DefaultSignalMilliseconds = 5000;

    /// <summary>Longest a synchronous call is kept open.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly WorkflowWait _wait = new(conductor, time);

    public void Map(RouteTable routes)
    {
        routes.Post("/workflow/execute/{name}/{version}", "Starts a workflow and waits until it ends, blocks, or a named task has ended.", ExecuteAsync)
            .Query("requestId", "waitUntilTaskRef", "returnStrategy", "consistency").QueryInt("waitForSeconds")
            .Takes<StartWorkflowRequest>().Gives<SignalResponse>();
        routes.Post("/tasks/{workflowId}/{status}/signal", "Ends the first open WAIT task of a workflow.", SignalAsync).Takes<JsonObject>();
        routes.Post("/tasks/{workflowId}/{status}/signal/sync", "Ends the first open WAIT task and waits for what follows.", SignalSyncAsync)
            .Query("returnStrategy").QueryInt("timeoutMillis").Takes<JsonObject>().Gives<SignalResponse>();
        routes.Post("/workflow/test", "Runs a workflow with given task results.", TestAsync).Takes<WorkflowTestRequest>().Gives<Workflow>();
    }

    private async Task<Answer> ExecuteAsync(ApiCall call)
    {
        var strategy = call.QueryEnum("returnStrategy", ReturnStrategy.TARGET_WORKFLOW);
        var until = call.QueryList("waitUntilTaskRef");
        var limit = Bounded(TimeSpan.FromSeconds(call.QueryInt("waitForSeconds", DefaultExecuteSeconds)));
        var request = await call.OptionalBodyAsync<StartWorkflowRequest>() ?? new StartWorkflowRequest();
        var version = call.PathInt("version");
        var workflowId = await conductor.StartWorkflowAsync(request with
        {
            Name = call.Path("name"),
            Version = version == 0 ? null : version,
            Input = request.WorkflowDef is null ? request.Input : MarkedDynamic(request.Input),
        });
        return await AnswerAsync(call, strategy, workflowId, until, limit);
    }

    private async Task<Answer> SignalAsync(ApiCall call)
    {
        await SignalFirstWaitAsync(call);
        return Answer.Empty;
    }

    private async Task<Answer> SignalSyncAsync(ApiCall call)
    {
        var strategy = call.QueryEnum("returnStrategy", ReturnStrategy.TARGET_WORKFLOW);
        var limit = Bounded(TimeSpan.FromMilliseconds(call.QueryInt("timeoutMillis", DefaultSignalMilliseconds)));
        var workflowId = call.Path("workflowId");
        return await SignalFirstWaitAsync(call)
            ? await AnswerAsync(call, strategy, workflowId, [], limit)
            : throw ConductorException.NotFound($"Found no blocked task in workflow {workflowId} to signal");
    }

    private async Task<bool> SignalFirstWaitAsync(ApiCall call)
    {
        var status = call.PathEnum<TaskResultStatus>("status");
        var output = await call.OptionalBodyAsync<JsonObject>() ?? [];
        if (await _wait.FindSignalTargetAsync(call.Path("workflowId"), call.Aborted) is not { } blocking)
        {
            return false;
        }

        await conductor.UpdateTaskByReferenceAsync(blocking.Workflow.WorkflowId, blocking.Task.ReferenceTaskName!, status, output);
        return true;
    }

    private async Task<Answer> AnswerAsync(ApiCall call, ReturnStrategy strategy, string workflowId, IReadOnlyCollection<string> until, TimeSpan limit)
    {
        var outcome = await _wait.ForAsync(workflowId, until, limit, call.Aborted);
        var response = SignalResponse.Of(strategy, call.Query("requestId") ?? Guid.NewGuid().ToString(), outcome);
        return response is null ? Answer.Empty : Answer.Json(response);
    }

    private async Task<Answer> TestAsync(ApiCall call) =>
        Answer.Json(await new WorkflowTestRun(conductor, time).RunAsync(await call.BodyAsync<WorkflowTestRequest>(), call.Aborted));

    private static JsonObject? MarkedDynamic(JsonObject? input)
    {
        if (input?.DeepClone() is not JsonObject marked)
        {
            return null;
        }

        if (marked["_systemMetadata"] is not JsonObject metadata)
        {
            marked["_systemMetadata"] = metadata = [];
        }

        metadata["dynamic"] = true;
        return marked;
    }

    private static TimeSpan Bounded(TimeSpan wanted) => wanted < TimeSpan.Zero ? TimeSpan.Zero : wanted < LongestWait ? wanted : LongestWait;
}
