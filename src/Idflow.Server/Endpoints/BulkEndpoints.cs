using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary><c>/workflow/bulk</c>: one operation on many executions; errors are part of the answer.</summary>
internal sealed class BulkEndpoints(IConductor conductor)
{
    private const int MostIds = 1000;

    public void Map(RouteTable routes)
    {
        Map(routes.Put, "pause", "Pauses each.", "pauseWorkflow", (_, id) => conductor.PauseWorkflowAsync(id));
        Map(routes.Put, "resume", "Resumes each.", "resumeWorkflow", (_, id) => conductor.ResumeWorkflowAsync(id));
        Map(routes.Post, "restart", "Starts each over.", "restart", (call, id) => conductor.RestartWorkflowAsync(id, call.QueryFlag("useLatestDefinitions", false)))
            .QueryFlag("useLatestDefinitions");
        Map(routes.Post, "retry", "Retries the failed tasks of each.", "retry", (_, id) => conductor.RetryWorkflowAsync(id));
        Map(routes.Post, "terminate", "Terminates each.", "terminate", (call, id) => conductor.TerminateWorkflowAsync(id, call.Query("reason"))).Query("reason");
        Map(routes.Delete, "remove", "Deletes each.", "deleteWorkflow", (call, id) => conductor.RemoveWorkflowAsync(id, call.QueryFlag("archiveWorkflow", true)))
            .QueryFlag("archiveWorkflow");
        routes.Delete("/workflow/bulk/terminate-remove", "Terminates and deletes each; a success is listed once per half.", TerminateAndRemoveAsync)
            .Query("reason").QueryFlag("archiveWorkflow").Takes<IReadOnlyList<string>>().Gives<BulkResponse>();
        routes.Post("/workflow/bulk/search", "Reads each.", ReadAsync).QueryFlag("includeTasks").Takes<IReadOnlyList<string>>().Gives<BulkOf<Workflow>>();
    }

    private static Route Map(Func<string, string, Handler, Route> add, string name, string summary, string operation, Func<ApiCall, string, Task> applyAsync) =>
        add("/workflow/bulk/" + name, summary, call => ApplyAsync(call, operation, applyAsync)).Takes<IReadOnlyList<string>>().Gives<BulkResponse>();

    private static async Task<Answer> ApplyAsync(ApiCall call, string operation, Func<ApiCall, string, Task> applyAsync)
    {
        var result = await EachAsync(await IdsAsync(call, operation), async id =>
        {
            await applyAsync(call, id);
            return id;
        });
        return Answer.Json(result);
    }

    private async Task<Answer> TerminateAndRemoveAsync(ApiCall call)
    {
        var ids = await IdsAsync(call, "terminateRemove");
        var ended = await EachAsync(ids, async id =>
        {
            await conductor.TerminateWorkflowAsync(id, call.Query("reason"));
            return id;
        });
        var removed = await EachAsync(ended.BulkSuccessfulResults, async id =>
        {
            await conductor.RemoveWorkflowAsync(id, call.QueryFlag("archiveWorkflow", true));
            return id;
        });
        return Answer.Json(new BulkOf<string>(
            ended.BulkErrorResults.Concat(removed.BulkErrorResults).ToDictionary(),
            [.. ended.BulkSuccessfulResults, .. removed.BulkSuccessfulResults]));
    }

    private async Task<Answer> ReadAsync(ApiCall call)
    {
        var includeTasks = call.QueryFlag("includeTasks", true);
        return Answer.Json(await EachAsync(await IdsAsync(call, "searchWorkflow"), id => conductor.GetWorkflowAsync(id, includeTasks, call.Aborted)));
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(ApiCall call, string operation)
    {
        var ids = await call.OptionalBodyAsync<IReadOnlyList<string>>() ?? [];
        return ids.Count switch
        {
            0 => throw RequestChecks.Failed(operation + ".arg0", "WorkflowIds list cannot be null."),
            > MostIds => throw RequestChecks.Failed(operation + ".arg0", $"Cannot process more than {MostIds} workflows. Please use multiple requests."),
            _ => ids,
        };
    }

    private static async Task<BulkOf<T>> EachAsync<T>(IReadOnlyList<string> ids, Func<string, Task<T>> applyAsync)
    {
        var errors = new Dictionary<string, string>();
        var done = new List<T>();
        foreach (var id in ids)
        {
            try
            {
                done.Add(await applyAsync(id));
            }
            catch (ConductorException exception)
            {
                errors[id] = exception.Message;
            }
        }

        return new BulkOf<T>(errors, done);
    }

    internal sealed record BulkOf<T>(IReadOnlyDictionary<string, string> BulkErrorResults, IReadOnlyList<T> BulkSuccessfulResults);
}
