using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Schedules;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary><c>/scheduler</c>: cron expressions that start workflows.</summary>
internal sealed class ScheduleEndpoints(IWorkflowScheduler scheduler)
{
    public void Map(RouteTable routes)
    {
        routes.Get("/scheduler/schedules", "All schedules.", call => Json(scheduler.GetSchedules(call.Query("workflowName")))).Query("workflowName").Gives<IReadOnlyList<WorkflowSchedule>>();
        routes.Get("/scheduler/schedules/search", "Finds schedules.", call => Json(SearchSchedules(call)))
            .Query("workflowName", "scheduleName", "freeText", "sort").QueryFlag("paused").QueryInt("start", "size").Gives<SearchResult<WorkflowSchedule>>();
        routes.Post("/scheduler/schedules", "Stores or replaces a schedule.", async call => Answer.Json(await scheduler.SaveScheduleAsync(await call.BodyAsync<WorkflowSchedule>())))
            .Takes<WorkflowSchedule>().Gives<WorkflowSchedule>();
        routes.Get("/scheduler/schedules/{name}", "A schedule.", call => Json(scheduler.GetSchedule(call.Path("name")))).Gives<WorkflowSchedule>();
        routes.Delete("/scheduler/schedules/{name}", "Deletes a schedule.", call => Done(scheduler.DeleteScheduleAsync(call.Path("name"))));
        routes.Put("/scheduler/schedules/{name}/pause", "Holds a schedule.", call => Done(scheduler.PauseScheduleAsync(call.Path("name"), call.Query("reason")))).Query("reason");
        routes.Put("/scheduler/schedules/{name}/resume", "Lets a held schedule go on.", call => Done(scheduler.ResumeScheduleAsync(call.Path("name"))));
        routes.Get("/scheduler/nextFewSchedules", "The next times of an expression.", call => Json(NextTimes(call)))
            .Query("cronExpression").QueryInt("scheduleStartTime", "scheduleEndTime", "limit").Gives<IReadOnlyList<long>>();
        routes.Get("/scheduler/search/executions", "Runs of schedules.", call => Json(scheduler.SearchExecutions(Search.Request(call))))
            .Query("query", "freeText", "sort").QueryInt("start", "size").Gives<SearchResult<ScheduleExecution>>();
        routes.Put("/scheduler/bulk/pause", "Holds each.", call => EachAsync(call, name => scheduler.PauseScheduleAsync(name))).Takes<IReadOnlyList<string>>().Gives<BulkResponse>();
        routes.Put("/scheduler/bulk/resume", "Lets each go on.", call => EachAsync(call, scheduler.ResumeScheduleAsync)).Takes<IReadOnlyList<string>>().Gives<BulkResponse>();
        routes.Get("/scheduler/admin/pause", "Holds all schedules.", _ => SetPausedAsync(true)).Gives<JsonObject>();
        routes.Get("/scheduler/admin/resume", "Lets all schedules go on.", _ => SetPausedAsync(false)).Gives<JsonObject>();

        // There is no queue of runs that could have lost one: each schedule's next time follows from its stored state.
        routes.Get("/scheduler/admin/requeue", "Puts lost runs back: there are none.", _ => Json(new JsonObject { ["sampleIds"] = new JsonArray(), ["recordIds.size"] = 0 })).Gives<JsonObject>();
    }

    private SearchResult<WorkflowSchedule> SearchSchedules(ApiCall call)
    {
        var (name, paused, text) = (call.Query("scheduleName"), call.Query("paused") is null ? (bool?)null : call.QueryFlag("paused", false), call.Query("freeText") ?? "*");
        var found = scheduler.GetSchedules(call.Query("workflowName")).Where(schedule =>
            (name is null || schedule.Name!.Contains(name, StringComparison.OrdinalIgnoreCase))
            && (paused is null || schedule.Paused == paused)
            && (text == "*" || schedule.Name!.Contains(text, StringComparison.OrdinalIgnoreCase))).ToList();
        if (call.Query("sort")?.EndsWith(":DESC", StringComparison.OrdinalIgnoreCase) == true)
        {
            found.Reverse();
        }

        return new SearchResult<WorkflowSchedule> { TotalHits = found.Count, Results = found.Skip(call.QueryInt("start", 0)).Take(call.QueryInt("size", 100)).ToList() };
    }

    private IReadOnlyList<long> NextTimes(ApiCall call) =>
        scheduler.GetNextTimes(call.RequiredQuery("cronExpression"), call.QueryLong("scheduleStartTime"), call.QueryLong("scheduleEndTime"), call.QueryInt("limit", 5));

    private async Task<Answer> SetPausedAsync(bool paused)
    {
        await scheduler.SetPausedAsync(paused);
        return Answer.Json(new JsonObject { ["status"] = "done" });
    }

    private static async Task<Answer> EachAsync(ApiCall call, Func<string, Task> applyAsync)
    {
        var errors = new Dictionary<string, string>();
        var done = new List<string>();
        foreach (var name in await call.BodyAsync<IReadOnlyList<string>>())
        {
            try
            {
                await applyAsync(name);
                done.Add(name);
            }
            catch (ConductorException exception)
            {
                errors[name] = exception.Message;
            }
        }

        return Answer.Json(new BulkResponse { BulkErrorResults = errors, BulkSuccessfulResults = done });
    }

    private static Task<Answer> Json<T>(T value) => Task.FromResult(Answer.Json(value));

    private static async Task<Answer> Done(Task operation)
    {
        await operation;
        return Answer.Empty;
    }
}
