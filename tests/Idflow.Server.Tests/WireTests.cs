using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Server.Tests.Support;

namespace Idflow.Server.Tests;

/// <summary>What the official SDKs break on: content types, empty answers, odd requests.</summary>
public sealed class WireTests
{
    private const string Text = "text/plain;charset=UTF-8";
    private const string Json = "application/json";

    private static readonly Dictionary<string, Func<object?[], object?>> Answers = new()
    {
        [nameof(IConductor.StartWorkflowAsync)] = _ => Task.FromResult("4711"),
        [nameof(IConductor.RerunWorkflowAsync)] = _ => Task.FromResult("4711"),
        [nameof(IConductor.UpdateTaskAsync)] = _ => Task.FromResult("4711"),
        [nameof(IConductor.UpdateTaskByReferenceAsync)] = args => Task.FromResult((string)args[1]! == "none" ? null : "4711"),
        [nameof(IConductor.UpdateTaskAndPollAsync)] = args => Task.FromResult(((TaskResult)args[0]!).TaskId == "last" ? null : new TaskExecution { TaskId = "next" }),
        [nameof(IConductor.RequeuePendingTasksAsync)] = _ => Task.FromResult(4711),
        [nameof(IConductor.GetWorkflowDefAsync)] = _ => Task.FromResult(new WorkflowDef { Name = "w" }),
        [nameof(IConductor.PollTasksAsync)] = args => Task.FromResult<IReadOnlyList<TaskExecution>>((string)args[0]! == "none" ? [] : [new TaskExecution { TaskId = "t" }]),
        [nameof(IConductor.GetTaskLogsAsync)] = args => Task.FromResult<IReadOnlyList<TaskExecLog>>((string)args[0]! == "none" ? [] : [new TaskExecLog { Log = "x" }]),
        [nameof(IConductor.GetQueueSizeAsync)] = _ => Task.FromResult(3L),
        [nameof(IConductor.PauseWorkflowAsync)] = _ => Task.CompletedTask,
        [nameof(IConductor.RetryWorkflowAsync)] = _ => Task.CompletedTask,
        [nameof(IConductor.RestartWorkflowAsync)] = _ => Task.CompletedTask,
        [nameof(IConductor.ResetCallbacksAsync)] = _ => Task.CompletedTask,
        [nameof(IConductor.CreateTaskDefsAsync)] = _ => Task.CompletedTask,
        [nameof(IConductor.UpdateWorkflowDefsAsync)] = _ => Task.FromResult(new BulkResponse { BulkSuccessfulResults = ["w"] }),
        [nameof(IConductor.GetWorkflowAsync)] = _ => Task.FromResult(new Workflow { WorkflowId = "w" }),
    };

    private static Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartAsync(FakeConductor.With(Answers.Select(entry => (entry.Key, entry.Value)).ToArray()));

    [Theory]
    [InlineData("POST", "api/workflow", "{\"name\":\"w\"}", 200, Text, "4711")]
    [InlineData("POST", "api/workflow/w?priority=3", "{}", 200, Text, "4711")]
    [InlineData("POST", "api/workflow/w/rerun", "{}", 200, Text, "4711")]
    [InlineData("POST", "api/tasks", "{\"taskId\":\"t\"}", 200, Text, "4711")]
    [InlineData("POST", "api/tasks/w/ref/COMPLETED", "{}", 200, Text, "4711")]
    [InlineData("POST", "api/tasks/w/none/COMPLETED", "{}", 200, null, "")]
    [InlineData("POST", "api/tasks/queue/requeue/t", null, 200, Text, "4711")]
    [InlineData("GET", "api/tasks/poll/none", null, 204, null, "")]
    [InlineData("GET", "api/tasks/poll/batch/none", null, 200, Json, "[]")]
    [InlineData("GET", "api/tasks/none/log", null, 204, null, "")]
    [InlineData("POST", "api/tasks/update-v2", "{\"taskId\":\"last\"}", 204, null, "")]
    [InlineData("GET", "api/tasks/queue/size?taskType=t", null, 200, Json, "3")]
    [InlineData("GET", "api/tasks/queue/sizes?taskType=t&taskType=u", null, 200, Json, "{\"t\":3,\"u\":3}")]
    [InlineData("PUT", "api/workflow/w/pause", null, 200, null, "")]
    [InlineData("POST", "api/workflow/w/retry", null, 204, null, "")]
    [InlineData("POST", "api/workflow/w/restart?useLatestDefinitions=True", null, 204, null, "")]
    [InlineData("POST", "api/workflow/w/resetcallbacks", null, 204, null, "")]
    [InlineData("POST", "api/metadata/taskdefs", "[]", 200, null, "")]
    [InlineData("PUT", "api/metadata/workflow", "[]", 200, Json, "{\"bulkErrorResults\":{},\"bulkSuccessfulResults\":[\"w\"]}")]
    [InlineData("GET", "health", null, 200, Json, "{\"healthResults\":[],\"suppressedHealthResults\":[],\"healthy\":true}")]
    [InlineData("GET", "api/health", null, 200, Json, "{\"healthResults\":[],\"suppressedHealthResults\":[],\"healthy\":true}")]
    [InlineData("GET", "api/secrets/x/exists", null, 200, Json, "false")]
    public async Task Answer_has_exactly_the_form_SDKs_expect(string method, string path, string? body, int status, string? contentType, string expected)
    {
        await using var server = await StartAsync();

        var reply = await server.SendAsync(new HttpMethod(method), path, body);

        Assert.Equal((status, contentType, expected), ((int)reply.Status, reply.ContentType, reply.Body));
    }

    [Theory]
    [InlineData("GET", "api/tasks/poll/t")]
    [InlineData("GET", "api/tasks/poll/batch/t")]
    [InlineData("GET", "api/tasks/t/log")]
    [InlineData("GET", "api/workflow/w")]
    public async Task Entity_is_json(string method, string path)
    {
        await using var server = await StartAsync();

        Assert.Equal((HttpStatusCode.OK, Json), await server.SendAsync(new HttpMethod(method), path) is var reply ? (reply.Status, reply.ContentType) : default);
    }

    [Theory]
    [InlineData("{}", "application/json")]
    [InlineData("", "application/json; charset=utf-8")]
    [InlineData(null, null)]
    public async Task Body_where_none_is_due_does_not_matter(string? body, string? contentType)
    {
        await using var server = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Put, "api/workflow/w/pause", body, contentType ?? Json)).Status);
    }

    [Fact]
    public async Task Get_with_a_content_type_is_answered()
    {
        await using var server = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "api/workflow/w", "", Json)).Status);
    }

    [Fact]
    public async Task Head_answers_as_get_without_the_body()
    {
        await using var server = await StartAsync();

        var reply = await server.SendAsync(HttpMethod.Head, "health");

        Assert.Equal((HttpStatusCode.OK, Json, ""), (reply.Status, reply.ContentType, reply.Body));
    }

    [Fact]
    public async Task Chunked_body_is_read()
    {
        await using var server = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/workflow") { Content = new StringContent("{\"name\":\"w\"}", Encoding.UTF8, Json) };
        request.Headers.TransferEncodingChunked = true;

        Assert.Equal("4711", await (await server.Client.SendAsync(request)).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("hello \\\"x\\\"", "application/json")]
    [InlineData("\"quoted\"", "application/json")]
    [InlineData("plain ü", "text/plain")]
    public async Task Log_line_is_stored_byte_for_byte(string line, string contentType)
    {
        string? stored = null;
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With((nameof(IConductor.AddTaskLogAsync), args =>
        {
            stored = (string)args[1]!;
            return Task.CompletedTask;
        }
        )));

        var reply = await server.SendAsync(HttpMethod.Post, "api/tasks/t/log", line, contentType);

        Assert.Equal((HttpStatusCode.OK, line), (reply.Status, stored));
    }

    [Fact]
    public async Task Unknown_members_and_parameters_are_ignored()
    {
        await using var server = await StartAsync();

        Assert.Equal("4711", (await server.PostAsync("api/tasks?summarize=true", "{\"taskId\":\"t\",\"executionMetadata\":{\"a\":[1]},\"brandNew\":{}}")).Body);
    }

    [Fact]
    public async Task Path_values_arrive_decoded()
    {
        string? asked = null;
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With((nameof(IConductor.RemoveEventHandlerAsync), args =>
        {
            asked = (string)args[0]!;
            return Task.CompletedTask;
        }
        )));

        await server.SendAsync(HttpMethod.Delete, "api/event/" + Uri.EscapeDataString("a/b c:ü%"));

        Assert.Equal("a/b c:ü%", asked);
    }

    [Fact]
    public async Task Every_route_stands_in_the_description()
    {
        await using var server = await StartAsync();

        var document = (await server.GetAsync("api-docs")).Json;

        Assert.StartsWith("3.", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        var poll = document["paths"]!["/api/tasks/poll/batch/{taskType}"]!["get"]!;
        Assert.Equal(["taskType", "workerid", "domain", "count", "timeout"], poll["parameters"]!.AsArray().Select(parameter => parameter!["name"]!.GetValue<string>()));
        Assert.Equal("#/components/schemas/TaskExecution", poll["responses"]!["200"]!["content"]![Json]!["schema"]!["items"]!["$ref"]!.GetValue<string>());
        Assert.Equal(Text.Split(';')[0], document["paths"]!["/api/workflow"]!["post"]!["responses"]!["200"]!["content"]!.AsObject().Single().Key);
        Assert.Equal("integer", document["components"]!["schemas"]!["TaskDef"]!["properties"]!["retryCount"]!["type"]!.GetValue<string>());
        AssertReferencesResolve(document, document);
    }

    private static void AssertReferencesResolve(JsonNode document, JsonNode? node)
    {
        if (node is JsonObject members)
        {
            if (members["$ref"] is JsonValue reference)
            {
                Assert.NotNull(document["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]]);
            }

            foreach (var (_, member) in members)
            {
                AssertReferencesResolve(document, member);
            }
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                AssertReferencesResolve(document, item);
            }
        }
    }
}
