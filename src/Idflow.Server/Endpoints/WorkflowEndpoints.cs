using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary><c>/workflow</c>: starting and operating executions.</summary>
internal sealed class WorkflowEndpoints(IConductor conductor)
{
    private const int HighestPriority = 99;

    public void Map(RouteTable routes)
    {
        routes.Post("/workflow", "Starts a workflow; answers its id.", StartAsync).Takes<StartWorkflowRequest>().Gives<string>();
        routes.Post("/workflow/{name}", "Starts a workflow by name; the body is its input.", StartByNameAsync)
            .Query("correlationId").QueryInt("version", "priority").Takes<System.Text.Json.Nodes.JsonObject>().Gives<string>();
        routes.Delete("/workflow/{workflowId}", "Terminates.", call => Done(conductor.TerminateWorkflowAsync(Id(call), call.Query("reason")))).Query("reason");
        routes.Put("/workflow/{workflowId}/pause", "Pauses.", call => Done(conductor.PauseWorkflowAsync(Id(call))));
        routes.Put("/workflow/{workflowId}/resume", "Resumes a paused one.", call => Done(conductor.ResumeWorkflowAsync(Id(call))));
        routes.Post("/workflow/{workflowId}/retry", "Retries the failed tasks.", RetryAsync).QueryFlag("resumeSubworkflowTasks");
        routes.Post("/workflow/{workflowId}/restart", "Starts over with the same id and input.", RestartAsync).QueryFlag("useLatestDefinitions");
        routes.Post("/workflow/{workflowId}/rerun", "Runs again from a task on; answers the id.", RerunAsync).Takes<RerunWorkflowRequest>().Gives<string>();
        routes.Put("/workflow/{workflowId}/skiptask/{taskReferenceName}", "Skips a task that has not been scheduled yet.", SkipAsync).Takes<SkipTaskRequest>();
        routes.Post("/workflow/{workflowId}/resetcallbacks", "Makes tasks that wait for a callback time pollable at once.", ResetCallbacksAsync);
        routes.Delete("/workflow/{workflowId}/remove", "Deletes an execution.", RemoveAsync).QueryFlag("archiveWorkflow");
        routes.Delete("/workflow/{workflowId}/terminate-remove", "Terminates and deletes.", TerminateAndRemoveAsync).Query("reason").QueryFlag("archiveWorkflow");
        routes.Post("/workflow/{workflowId}/messages", "Puts a message into the queue of a running execution; answers its id.", PushMessageAsync)
            .Takes<System.Text.Json.Nodes.JsonObject>().Gives<string>();
        routes.Put("/workflow/decide/{workflowId}", "Evaluates an execution now.", call => Done(conductor.DecideAsync(Id(call))));
    }

    private async Task<Answer> StartAsync(ApiCall call) => Answer.Text(await conductor.StartWorkflowAsync(await call.BodyAsync<StartWorkflowRequest>()));

    private async Task<Answer> StartByNameAsync(ApiCall call)
    {
        var priority = call.QueryInt("priority", 0);
        RequestChecks.Range("startWorkflow.arg3", priority, 0, HighestPriority, "0 is the minimum priority value", "99 is the maximum priority value");
        var input = await call.OptionalBodyAsync<System.Text.Json.Nodes.JsonObject>() ?? [];

        // Reading the definition first gives this endpoint its own text for an unknown name.
        var definition = await conductor.GetWorkflowDefAsync(call.Path("name"), call.QueryInt("version"), call.Aborted);
        return Answer.Text(await conductor.StartWorkflowAsync(new StartWorkflowRequest
        {
            Name = definition.Name,
            Version = definition.Version,
            CorrelationId = call.Query("correlationId"),
            Priority = priority,
            Input = input,
        }));
    }

    private async Task<Answer> RetryAsync(ApiCall call)
    {
        await conductor.RetryWorkflowAsync(Id(call), call.QueryFlag("resumeSubworkflowTasks", false));
        return Answer.NoContent;
    }

    private async Task<Answer> RestartAsync(ApiCall call)
    {
        await conductor.RestartWorkflowAsync(Id(call), call.QueryFlag("useLatestDefinitions", false));
        return Answer.NoContent;
    }

    private async Task<Answer> RerunAsync(ApiCall call) =>
        Answer.Text(await conductor.RerunWorkflowAsync(Id(call), await call.OptionalBodyAsync<RerunWorkflowRequest>() ?? new RerunWorkflowRequest()));

    private async Task<Answer> SkipAsync(ApiCall call)
    {
        var request = await call.OptionalBodyAsync<SkipTaskRequest>() ?? new SkipTaskRequest();
        await conductor.SkipTaskAsync(Id(call), call.Path("taskReferenceName"), request);
        return Answer.Empty;
    }

    private async Task<Answer> ResetCallbacksAsync(ApiCall call)
    {
        await conductor.ResetCallbacksAsync(Id(call));
        return Answer.NoContent;
    }

    private Task<Answer> RemoveAsync(ApiCall call) => Done(conductor.RemoveWorkflowAsync(Id(call), call.QueryFlag("archiveWorkflow", true)));

    private async Task<Answer> TerminateAndRemoveAsync(ApiCall call)
    {
        await conductor.TerminateWorkflowAsync(Id(call), call.Query("reason"));
        return await RemoveAsync(call);
    }

    private async Task<Answer> PushMessageAsync(ApiCall call) =>
        Answer.Text(await conductor.PushMessageAsync(Id(call), await call.BodyAsync<System.Text.Json.Nodes.JsonObject>()));

    private static string Id(ApiCall call) => call.Path("workflowId");

    private static async Task<Answer> Done(Task operation)
    {
        await operation;
        return Answer.Empty;
    }
}
