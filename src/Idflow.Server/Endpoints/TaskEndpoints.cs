using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary><c>/tasks</c>: polling, results, logs.</summary>
internal sealed class TaskEndpoints(IConductor conductor, HandOut handOut)
{
    public void Map(RouteTable routes)
    {
        routes.Get("/tasks/poll/{taskType}", "Hands out one task of a type; 204 when there is none.", PollAsync)
            .Query("workerid", "domain").Gives<TaskExecution>();
        routes.Get("/tasks/poll/batch/{taskType}", "Hands out up to count tasks; waits up to timeout milliseconds for the first.", PollBatchAsync)
            .Query("workerid", "domain").QueryInt("count", "timeout").Gives<IReadOnlyList<TaskExecution>>();
        routes.Post("/tasks", "Stores a task's result; answers the task id.", UpdateAsync).Takes<TaskResult>().Gives<string>();
        routes.Post("/tasks/update-v2", "Stores a result; answers the next task of the same type and domain, or 204.", UpdateAndPollAsync)
            .Takes<TaskResult>().Gives<TaskExecution>();
        routes.Get("/tasks/{taskId}", "A task.", GetAsync).Gives<TaskExecution>();
        routes.Post("/tasks/{taskId}/log", "Adds a line to a task's log; the body is raw text.", AddLogAsync).Takes<string>();
        routes.Get("/tasks/{taskId}/log", "The lines of a task's log; 204 when there is none.", GetLogsAsync).Gives<IReadOnlyList<TaskExecLog>>();
        routes.Post("/tasks/{workflowId}/{taskRefName}/{status}", "Updates the open task with a reference name; answers its id, or nothing.", UpdateByReferenceAsync)
            .Query("workerid").Takes<JsonObject>().Gives<string>();
        routes.Post("/tasks/{workflowId}/{taskRefName}/{status}/sync", "Updates the open task with a reference name; answers the workflow.", UpdateByReferenceSyncAsync)
            .Query("workerid").Takes<JsonObject>().Gives<Workflow>();
        routes.Get("/tasks/search", "Finds tasks.", async call => Answer.Json(await conductor.SearchTasksAsync(Search.Request(call), call.Aborted)))
            .Query("query", "freeText", "sort").QueryInt("start", "size").Gives<SearchResult<TaskSummary>>();
        routes.Get("/tasks/search-v2", "Finds tasks; answers them whole.", SearchWholeAsync)
            .Query("query", "freeText", "sort").QueryInt("start", "size").Gives<SearchResult<TaskExecution>>();
    }

    private async Task<Answer> PollAsync(ApiCall call)
    {
        var tasks = await handOut.PollAsync(call, call.Path("taskType"), count: 1, timeout: null);
        return tasks is [var task, ..] ? Answer.Json(task) : Answer.NoContent;
    }

    private async Task<Answer> PollBatchAsync(ApiCall call)
    {
        TimeSpan? timeout = call.QueryInt("timeout") is { } milliseconds ? TimeSpan.FromMilliseconds(Math.Max(0, milliseconds)) : null;
        return Answer.Json(await handOut.PollAsync(call, call.Path("taskType"), call.QueryInt("count", 1), timeout));
    }

    private async Task<Answer> UpdateAsync(ApiCall call) =>
        Answer.Text(await conductor.UpdateTaskAsync(await call.BodyAsync<TaskResult>()));

    private async Task<Answer> UpdateAndPollAsync(ApiCall call)
    {
        var next = await conductor.UpdateTaskAndPollAsync(await call.BodyAsync<TaskResult>());
        if (next is null)
        {
            return Answer.NoContent;
        }

        handOut.Watch(call, [next]);
        return Answer.Json(next);
    }

    private async Task<Answer> GetAsync(ApiCall call) => Answer.Json(await conductor.GetTaskAsync(call.Path("taskId"), call.Aborted));

    private async Task<Answer> AddLogAsync(ApiCall call)
    {
        await conductor.AddTaskLogAsync(call.Path("taskId"), await call.TextAsync());
        return Answer.Empty;
    }

    private async Task<Answer> GetLogsAsync(ApiCall call)
    {
        var logs = await conductor.GetTaskLogsAsync(call.Path("taskId"), call.Aborted);
        return logs.Count == 0 ? Answer.NoContent : Answer.Json(logs);
    }

    private async Task<Answer> UpdateByReferenceAsync(ApiCall call) =>
        await UpdateByReferenceAsync(call, call.Path("workflowId")) is { } taskId ? Answer.Text(taskId) : Answer.Empty;

    private async Task<Answer> UpdateByReferenceSyncAsync(ApiCall call)
    {
        var workflowId = call.Path("workflowId");
        if (await UpdateByReferenceAsync(call, workflowId) is null)
        {
            throw ConductorException.NotFound($"Found no running task {call.Path("taskRefName")} of workflow {workflowId} to update");
        }

        return Answer.Json(await conductor.GetWorkflowAsync(workflowId, includeTasks: true, call.Aborted));
    }

    private async Task<string?> UpdateByReferenceAsync(ApiCall call, string workflowId)
    {
        var status = call.PathEnum<TaskResultStatus>("status");
        var output = await call.OptionalBodyAsync<JsonObject>() ?? [];
        return await conductor.UpdateTaskByReferenceAsync(workflowId, call.Path("taskRefName"), status, output, call.Query("workerid"));
    }

    private async Task<Answer> SearchWholeAsync(ApiCall call)
    {
        var found = await conductor.SearchTasksAsync(Search.Request(call), call.Aborted);
        var whole = await Search.ReadAllAsync(found.Results, summary => conductor.GetTaskAsync(summary.TaskId!, call.Aborted));
        return Answer.Json(new SearchResult<TaskExecution> { TotalHits = found.TotalHits - (found.Results.Count - whole.Count), Results = whole });
    }
}
