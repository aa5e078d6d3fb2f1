using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary><c>/workflow</c>: reading and finding executions.</summary>
internal sealed class WorkflowQueryEndpoints(IConductor conductor)
{
    private const int TaskPage = 15;

    public void Map(RouteTable routes)
    {
        routes.Get("/workflow/{workflowId}", "An execution.", GetAsync).QueryFlag("includeTasks").Gives<Workflow>();
        routes.Get("/workflow/{workflowId}/tasks", "A page of an execution's tasks.", TasksAsync)
            .QueryInt("start", "count").Query("status").Gives<SearchResult<TaskExecution>>();
        routes.Get("/workflow/{workflowId}/status", "State, and on request output and variables.", StatusAsync)
            .QueryFlag("includeOutput", "includeVariables").Gives<StateOfWorkflow>();
        routes.Get("/workflow/running/{name}", "Ids of running executions, or of all started between two times.", RunningAsync)
            .QueryInt("version", "startTime", "endTime").Gives<IReadOnlyList<string>>();
        routes.Get("/workflow/{name}/correlated/{correlationId}", "Executions with a correlation id.", CorrelatedAsync)
            .QueryFlag("includeClosed", "includeTasks").Gives<IReadOnlyList<Workflow>>();
        routes.Post("/workflow/{name}/correlated", "Executions per correlation id.", CorrelatedManyAsync)
            .QueryFlag("includeClosed", "includeTasks").Takes<IReadOnlyList<string>>().Gives<IReadOnlyDictionary<string, IReadOnlyList<Workflow>>>();
        MapSearch(routes, "search", "Finds executions.", SearchAsync).Gives<SearchResult<WorkflowSummary>>();
        MapSearch(routes, "search-v2", "Finds executions; answers them whole, without tasks.", SearchWholeAsync).Gives<SearchResult<Workflow>>();
        MapSearch(routes, "search-by-tasks", "Finds executions by their tasks.", SearchByTasksAsync).Gives<SearchResult<WorkflowSummary>>();
        MapSearch(routes, "search-by-tasks-v2", "Finds executions by their tasks; answers them whole, without tasks.", SearchByTasksWholeAsync)
            .Gives<SearchResult<Workflow>>();
    }

    private static Route MapSearch(RouteTable routes, string name, string summary, Handler handler) =>
        routes.Get("/workflow/" + name, summary, handler).Query("query", "freeText", "sort").QueryInt("start", "size");

    private async Task<Answer> GetAsync(ApiCall call) =>
        Answer.Json(await conductor.GetWorkflowAsync(call.Path("workflowId"), call.QueryFlag("includeTasks", true), call.Aborted));

    private async Task<Answer> TasksAsync(ApiCall call)
    {
        var workflow = await conductor.GetWorkflowAsync(call.Path("workflowId"), includeTasks: true, call.Aborted);
        var wanted = call.QueryList("status");
        var tasks = wanted.Count == 0 ? workflow.Tasks : workflow.Tasks.Where(task => wanted.Contains(task.Status.ToString(), StringComparer.OrdinalIgnoreCase)).ToList();
        var page = tasks.Skip(Math.Max(0, call.QueryInt("start", 0))).Take(Math.Max(0, call.QueryInt("count", TaskPage))).ToList();
        return Answer.Json(new SearchResult<TaskExecution> { TotalHits = tasks.Count, Results = page });
    }

    private async Task<Answer> StatusAsync(ApiCall call)
    {
        var workflow = await conductor.GetWorkflowAsync(call.Path("workflowId"), includeTasks: false, call.Aborted);
        return Answer.Json(new StateOfWorkflow(
            workflow.WorkflowId,
            workflow.CorrelationId,
            call.QueryFlag("includeOutput", false) ? workflow.Output : null,
            call.QueryFlag("includeVariables", false) ? workflow.Variables : null,
            workflow.Status));
    }

    private async Task<Answer> RunningAsync(ApiCall call)
    {
        var name = call.Path("name");
        if (call.QueryLong("startTime") is not (not null and not 0) || call.QueryLong("endTime") is not (not null and not 0))
        {
            return Answer.Json(await conductor.GetRunningWorkflowIdsAsync(name, call.QueryInt("version"), call.Aborted));
        }

        // Between two times: all that started there, whatever became of them.
        var found = await conductor.SearchWorkflowsAsync(
            new SearchRequest
            {
                Query = $"workflowType = '{name}' AND startTime > {call.QueryLong("startTime") - 1} AND startTime < {call.QueryLong("endTime") + 1}",
                Size = Search.LargestWorkflowPage,
                Sort = "startTime:ASC",
            },
            call.Aborted);
        return Answer.Json(found.Results.Select(summary => summary.WorkflowId!).ToList());
    }

    private async Task<Answer> CorrelatedAsync(ApiCall call) => Answer.Json(await CorrelatedAsync(call, call.Path("correlationId")));

    private async Task<Answer> CorrelatedManyAsync(ApiCall call)
    {
        var found = new Dictionary<string, IReadOnlyList<Workflow>>();
        foreach (var correlationId in await call.BodyAsync<IReadOnlyList<string>>())
        {
            found[correlationId] = await CorrelatedAsync(call, correlationId);
        }

        return Answer.Json(found);
    }

    private Task<IReadOnlyList<Workflow>> CorrelatedAsync(ApiCall call, string correlationId) => conductor.GetWorkflowsByCorrelationIdAsync(
        call.Path("name"), correlationId, call.QueryFlag("includeClosed", false), call.QueryFlag("includeTasks", false), call.Aborted);

    private async Task<Answer> SearchAsync(ApiCall call) => Answer.Json(await FindAsync(call));

    private async Task<Answer> SearchWholeAsync(ApiCall call) => await WholeAsync(call, await FindAsync(call));

    private async Task<Answer> SearchByTasksAsync(ApiCall call) => Answer.Json(await FindByTasksAsync(call));

    private async Task<Answer> SearchByTasksWholeAsync(ApiCall call) => await WholeAsync(call, await FindByTasksAsync(call));

    private Task<SearchResult<WorkflowSummary>> FindAsync(ApiCall call)
    {
        var request = Search.Request(call);
        var extra = new List<string>();
        if (call.QueryList("classifier") is { Count: > 0 } classifiers)
        {
            extra.Add($"classifier IN ({string.Join(',', classifiers)})");
        }

        if (call.QueryFlag("topLevelOnly", false))
        {
            extra.Add("parentWorkflowId = ''");
        }

        return conductor.SearchWorkflowsAsync(request with { Query = string.Join(" AND ", extra.Prepend(request.Query).OfType<string>()) }, call.Aborted);
    }

    private async Task<SearchResult<WorkflowSummary>> FindByTasksAsync(ApiCall call)
    {
        var tasks = await conductor.SearchTasksAsync(Search.Request(call), call.Aborted);
        var ids = tasks.Results.Select(task => task.WorkflowId!).Distinct().ToList();
        if (ids.Count == 0)
        {
            return new SearchResult<WorkflowSummary> { TotalHits = tasks.TotalHits };
        }

        var workflows = await conductor.SearchWorkflowsAsync(new SearchRequest { Query = $"workflowId IN ({string.Join(',', ids)})", Size = ids.Count }, call.Aborted);
        var byId = workflows.Results.ToDictionary(summary => summary.WorkflowId!);
        return new SearchResult<WorkflowSummary>
        {
            TotalHits = tasks.TotalHits,
            Results = tasks.Results.Where(task => byId.ContainsKey(task.WorkflowId!)).Select(task => byId[task.WorkflowId!]).ToList(),
        };
    }

    private async Task<Answer> WholeAsync(ApiCall call, SearchResult<WorkflowSummary> found)
    {
        var whole = await Search.ReadAllAsync(found.Results, summary => conductor.GetWorkflowAsync(summary.WorkflowId!, includeTasks: false, call.Aborted));
        return Answer.Json(new SearchResult<Workflow> { TotalHits = found.TotalHits - (found.Results.Count - whole.Count), Results = whole });
    }

    internal sealed record StateOfWorkflow(string WorkflowId, string? CorrelationId, JsonObject? Output, JsonObject? Variables, WorkflowStatus Status);
}
