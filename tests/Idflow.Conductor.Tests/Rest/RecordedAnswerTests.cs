using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Conductor.Rest;

namespace Idflow.Conductor.Tests.Rest;

/// <summary>
/// The client against what a real server answered: the same request line goes out, and every member of the recorded answer that
/// the model has comes back with its value.
/// </summary>
public sealed class RecordedAnswerTests
{
    private static readonly IReadOnlyDictionary<string, Exchange> Exchanges =
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "recorded-answers.jsonl"))
            .Select(line => ConductorJson.Deserialize<Exchange>(line)!)
            .ToDictionary(exchange => exchange.ToString());

    public static IEnumerable<TheoryDataRow<string>> All => Exchanges.Keys.Select(key => new TheoryDataRow<string>(key));

    [Theory]
    [MemberData(nameof(All))]
    public async Task Client_reads_what_the_server_answered(string key)
    {
        var exchange = Exchanges[key];
        await using var server = await LoopbackServer.StartAsync(_ => new CannedAnswer(exchange.Status, exchange.ContentType, exchange.Body));
        using var client = new RestConductor(new RestConductorOptions { ServerUrl = server.Url });

        if (exchange.Status >= 400)
        {
            var error = await Assert.ThrowsAsync<ConductorException>(() => CallAsync(client, exchange));
            var recorded = JsonNode.Parse(exchange.Body)!;
            Assert.Equal(exchange.Status, error.Status);
            Assert.Equal(recorded["message"]!.GetValue<string>(), error.Message);
            Assert.Equal(recorded["retryable"]!.GetValue<bool>(), error.Retryable);
            Assert.Equal((recorded["validationErrors"]?.AsArray() ?? []).Count, error.ValidationErrors.Count);
        }
        else
        {
            var result = await CallAsync(client, exchange);
            if (exchange.ContentType == "application/json")
            {
                AssertKnownMembers(JsonNode.Parse(exchange.Body), JsonSerializer.SerializeToNode(result, ConductorJson.Wire), "$");
            }
            else if (exchange.Body.Length > 0)
            {
                Assert.Equal(exchange.Body, result!.ToString());
            }
        }

        var sent = server.Requests[0];
        Assert.Equal(exchange.Method, sent.Method);
        Assert.Equal("/api" + exchange.Path, sent.Path);
    }

    /// <summary>Members the model does not have are skipped; the others must be equal.</summary>
    private static void AssertKnownMembers(JsonNode? recorded, JsonNode? read, string path)
    {
        switch (recorded, read)
        {
            case (JsonObject wanted, JsonObject found):
                foreach (var (name, value) in wanted.Where(member => found.ContainsKey(member.Key)))
                {
                    AssertKnownMembers(value, found[name], $"{path}.{name}");
                }

                break;
            case (JsonArray wanted, JsonArray found):
                Assert.True(wanted.Count == found.Count, $"{path}: {found.Count} entries instead of {wanted.Count}");
                for (var i = 0; i < wanted.Count; i++)
                {
                    AssertKnownMembers(wanted[i], found[i], $"{path}[{i}]");
                }

                break;
            default:
                Assert.True(JsonNode.DeepEquals(recorded, read), $"{path}: {read?.ToJsonString() ?? "null"} instead of {recorded?.ToJsonString() ?? "null"}");
                break;
        }
    }

    private static async Task<object?> CallAsync(RestConductor client, Exchange exchange)
    {
        var part = exchange.Path.Split('/').Select(Uri.UnescapeDataString).ToArray();
        T Body<T>() => ConductorJson.Deserialize<T>(exchange.Request ?? (typeof(T).IsInterface ? "[]" : "{}"))!;
        async Task<object?> Done(Task task)
        {
            await task;
            return null;
        }

        return $"{exchange.Method} {exchange.Template}" switch
        {
            "GET /workflow/{id}" => await client.GetWorkflowAsync(part[2]),
            "GET /workflow/{name}/correlated/{correlationId}" => await client.GetWorkflowsByCorrelationIdAsync(part[2], part[4], includeClosed: true, includeTasks: true),
            "GET /workflow/running/{name}" => await client.GetRunningWorkflowIdsAsync(part[3]),
            "GET /workflow/search" => await client.SearchWorkflowsAsync(new SearchRequest()),
            "GET /tasks/poll/batch/{taskType}" => await client.PollTasksAsync(part[4]),
            "GET /tasks/{id}" => await client.GetTaskAsync(part[2]),
            "GET /tasks/{id}/log" => await client.GetTaskLogsAsync(part[2]),
            "GET /tasks/queue/all" => await client.GetAllQueueSizesAsync(),
            "GET /tasks/queue/polldata" => await client.GetPollDataAsync("t"),
            "GET /tasks/queue/polldata/all" => await client.GetPollDataAsync(),
            "GET /tasks/search" => await client.SearchTasksAsync(new SearchRequest()),
            "GET /metadata/workflow/{name}" => await client.GetWorkflowDefAsync(part[3]),
            "GET /metadata/taskdefs/{name}" => await client.GetTaskDefAsync(part[3]),
            "GET /event" => await client.GetEventHandlersAsync(),
            "GET /event/{event}" => await client.GetEventHandlersForEventAsync(part[2]),
            "POST /workflow" => await client.StartWorkflowAsync(Body<StartWorkflowRequest>()),
            "POST /workflow/{id}/rerun" => await client.RerunWorkflowAsync(part[2], Body<RerunWorkflowRequest>()),
            "POST /workflow/{id}/retry" => await Done(client.RetryWorkflowAsync(part[2])),
            "POST /workflow/{id}/restart" => await Done(client.RestartWorkflowAsync(part[2])),
            "POST /workflow/{id}/resetcallbacks" => await Done(client.ResetCallbacksAsync(part[2])),
            "POST /tasks" => await client.UpdateTaskAsync(Body<TaskResult>()),
            "POST /tasks/update-v2" => await client.UpdateTaskAndPollAsync(Body<TaskResult>()),
            "POST /tasks/queue/requeue/{name}" => await client.RequeuePendingTasksAsync(part[4]),
            "POST /tasks/{workflowId}/{ref}/{status}" => await client.UpdateTaskByReferenceAsync(part[2], part[3], Enum.Parse<TaskResultStatus>(part[4]), []),
            "POST /tasks/{id}/log" => await Done(client.AddTaskLogAsync(part[2], exchange.Request!)),
            "POST /metadata/workflow" => await Done(client.CreateWorkflowDefAsync(Body<WorkflowDef>())),
            "POST /metadata/taskdefs" => await Done(client.CreateTaskDefsAsync(Body<IReadOnlyList<TaskDef>>())),
            "POST /event" => await Done(client.AddEventHandlerAsync(Body<EventHandlerDef>())),
            "PUT /metadata/workflow" => await client.UpdateWorkflowDefsAsync(Body<IReadOnlyList<WorkflowDef>>()),
            "PUT /metadata/taskdefs" => await Done(client.UpdateTaskDefAsync(Body<TaskDef>())),
            "PUT /event" => await Done(client.UpdateEventHandlerAsync(Body<EventHandlerDef>())),
            "PUT /workflow/{id}/pause" => await Done(client.PauseWorkflowAsync(part[2])),
            "PUT /workflow/{id}/resume" => await Done(client.ResumeWorkflowAsync(part[2])),
            "PUT /workflow/{id}/skiptask/{ref}" => await Done(client.SkipTaskAsync(part[2], part[4], new SkipTaskRequest())),
            "PUT /workflow/decide/{id}" => await Done(client.DecideAsync(part[3])),
            "DELETE /workflow/{id}" => await Done(client.TerminateWorkflowAsync(part[2])),
            "DELETE /workflow/{id}/remove" => await Done(client.RemoveWorkflowAsync(part[2])),
            "DELETE /metadata/workflow/{name}/{version}" => await Done(client.DeleteWorkflowDefAsync(part[3], int.Parse(part[4], System.Globalization.CultureInfo.InvariantCulture))),
            "DELETE /metadata/taskdefs/{name}" => await Done(client.DeleteTaskDefAsync(part[3])),
            "DELETE /event/{name}" => await Done(client.RemoveEventHandlerAsync(part[2])),
            var call => throw new InvalidOperationException($"no call for {call}"),
        };
    }

    private sealed record Exchange
    {
        public string Sdk { get; init; } = "";
        public int Seq { get; init; }
        public string Method { get; init; } = "";
        public string Template { get; init; } = "";
        public string Path { get; init; } = "";
        public int Status { get; init; }
        public string? ContentType { get; init; }
        public string? Request { get; init; }
        public string Body { get; init; } = "";

        public override string ToString() => $"{Method} {Template} {Status} ({Sdk} {Seq})";
    }
}
