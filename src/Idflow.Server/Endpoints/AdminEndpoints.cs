using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Server.Http;

namespace Idflow.Server.Endpoints;

/// <summary><c>/admin</c> and <c>/queue</c>: what operators ask a server.</summary>
internal sealed class AdminEndpoints(IConductor conductor, ServerOptions options)
{
    private static readonly Dictionary<string, string> NoQueues = [];

    public void Map(RouteTable routes)
    {
        routes.Get("/admin/config", "Settings.", _ => Task.FromResult(Answer.Json(Config()))).Gives<IReadOnlyDictionary<string, string>>();
        routes.Get("/admin/task/{taskType}", "Open tasks of a type.", OpenTasksAsync).QueryInt("start", "count").Gives<IReadOnlyList<TaskExecution>>();
        routes.Post("/admin/sweep/requeue/{workflowId}", "Evaluates an execution now.", SweepAsync).Gives<string>();
        routes.Post("/admin/consistency/verifyAndRepair/{workflowId}", "Evaluates an execution now; answers whether something was repaired.", RepairAsync).Gives<string>();
        routes.Get("/admin/queues", "The queue that each event with a handler comes from.", EventQueuesAsync).QueryFlag("verbose").Gives<IReadOnlyDictionary<string, string>>();
        routes.Get("/queue/", "Queues from which WAIT tasks are ended, by status: none; such messages come over this API.", _ => Task.FromResult(Answer.Json(NoQueues))).Gives<IReadOnlyDictionary<string, string>>();
        routes.Get("/queue/size", "Sizes of these queues.", _ => Task.FromResult(Answer.Json(NoQueues))).Gives<IReadOnlyDictionary<string, string>>();
        routes.Post("/queue/update/{workflowId}/{taskRefName}/{status}", "Ends a WAIT task by reference name.", UpdateWaitByReferenceAsync).Takes<JsonObject>();
        routes.Post("/queue/update/{workflowId}/task/{taskId}/{status}", "Ends a WAIT task by id.", UpdateWaitByIdAsync).Takes<JsonObject>();
    }

    private Dictionary<string, string> Config() => new()
    {
        ["version"] = SystemEndpoints.Version,
        ["maxRequestBodyBytes"] = options.MaxRequestBodyBytes.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["maxRequestDepth"] = options.MaxRequestDepth.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private async Task<Answer> OpenTasksAsync(ApiCall call)
    {
        var found = await conductor.SearchTasksAsync(
            new SearchRequest
            {
                Query = $"taskDefName = '{call.Path("taskType")}' AND status IN (SCHEDULED,IN_PROGRESS)",
                Start = call.QueryInt("start", 0),
                Size = call.QueryInt("count", 100),
            },
            call.Aborted);
        return Answer.Json(await Search.ReadAllAsync(found.Results, summary => conductor.GetTaskAsync(summary.TaskId!, call.Aborted)));
    }

    private async Task<Answer> SweepAsync(ApiCall call)
    {
        var workflowId = call.Path("workflowId");
        await conductor.DecideAsync(workflowId);
        return Answer.Text($"true.{workflowId}");
    }

    private async Task<Answer> RepairAsync(ApiCall call)
    {
        // The engine's state cannot disagree with its queues; there is nothing to repair beyond a fresh decision.
        await conductor.DecideAsync(call.Path("workflowId"));
        return Answer.Text("false");
    }

    private async Task<Answer> EventQueuesAsync(ApiCall call)
    {
        var handlers = await conductor.GetEventHandlersAsync(call.Aborted);
        var events = handlers.Where(handler => handler.Active).Select(handler => handler.Event!).Distinct();
        var queues = events.ToDictionary(name => name, name => name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        // An event is handled by the engine itself, at once: nothing waits in a queue.
        return call.QueryFlag("verbose", false)
            ? Answer.Json(queues.ToDictionary(queue => queue.Key, queue => new Dictionary<string, long> { [queue.Value] = 0 }))
            : Answer.Json(queues);
    }

    private async Task<Answer> UpdateWaitByReferenceAsync(ApiCall call)
    {
        var workflow = await conductor.GetWorkflowAsync(call.Path("workflowId"), includeTasks: true, call.Aborted);
        var reference = call.Path("taskRefName");
        return await EndWaitAsync(call, workflow.Tasks.LastOrDefault(task => task.ReferenceTaskName == reference), reference);
    }

    private async Task<Answer> UpdateWaitByIdAsync(ApiCall call)
    {
        var workflow = await conductor.GetWorkflowAsync(call.Path("workflowId"), includeTasks: true, call.Aborted);
        var taskId = call.Path("taskId");
        return await EndWaitAsync(call, workflow.Tasks.LastOrDefault(task => task.TaskId == taskId), taskId);
    }

    private async Task<Answer> EndWaitAsync(ApiCall call, TaskExecution? task, string wanted)
    {
        if (task is not { TaskType: TaskTypes.Wait, IsTerminal: false })
        {
            throw ConductorException.NotFound($"No open WAIT task {wanted} in workflow {call.Path("workflowId")}");
        }

        await conductor.UpdateTaskAsync(new TaskResult
        {
            WorkflowInstanceId = task.WorkflowInstanceId,
            TaskId = task.TaskId,
            Status = call.PathEnum<TaskResultStatus>("status"),
            OutputData = await call.OptionalBodyAsync<JsonObject>() ?? [],
        });
        return Answer.Empty;
    }
}
