using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine;

namespace Idflow.Server.Tests;

/// <summary>Large payloads as clients of the REST API see them.</summary>
public sealed class PayloadTests : IAsyncLifetime
{
    private EmbeddedEngine _engine = null!;
    private ConductorServer _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Limits = new EngineLimits { WorkflowPayloadInlineBytes = 1000, TaskPayloadInlineBytes = 1000, Uploads = 2 } });
        _server = await ConductorServer.StartAsync(_engine, new ServerOptions { Urls = "http://127.0.0.1:0" });
        _client = new HttpClient { BaseAddress = new Uri(_server.Addresses[0] + "/api/") };
        await _engine.CreateWorkflowDefAsync(new WorkflowDef { Name = "wf", OwnerEmail = "a@example.com", Tasks = [new WorkflowTask { Name = "a", TaskReferenceName = "a", InputParameters = new JsonObject { ["text"] = "${workflow.input.text}" } }] });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _engine.DisposeAsync();
    }

    private async Task<JsonNode> GetAsync(string path) => (await _client.GetFromJsonAsync<JsonNode>(path))!;

    private static JsonObject Large => new() { ["text"] = new string('x', 2000) };

    private async Task<string> StartAsync(JsonObject request)
    {
        request["name"] = "wf";
        var answer = await _client.PostAsJsonAsync("workflow", request);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    [Fact]
    public async Task A_large_payload_is_an_empty_map_with_a_path_and_is_fetched_from_its_location()
    {
        var id = await StartAsync(new JsonObject { ["input"] = Large });

        var workflow = await GetAsync($"workflow/{id}");
        Assert.Equal("{}", workflow["input"]!.ToJsonString());
        Assert.Equal("{}", workflow["tasks"]![0]!["inputData"]!.ToJsonString());
        var polled = await GetAsync("tasks/poll/batch/a?count=1");
        Assert.Equal("{}", polled[0]!["inputData"]!.ToJsonString());

        var path = (string)polled[0]!["externalInputPayloadStoragePath"]!;
        var location = await GetAsync($"tasks/externalstoragelocation?path={path}&operation=READ&payloadType=TASK_INPUT");
        Assert.Equal(path, (string)location["path"]!);
        var payload = await GetAsync((string)location["uri"]!);
        Assert.Equal(2000, ((string)payload["text"]!).Length);
    }

    [Fact]
    public async Task An_uploaded_payload_is_the_input_of_a_start_and_the_output_of_a_result()
    {
        var location = await GetAsync("workflow/externalstoragelocation?path=&operation=WRITE&payloadType=WORKFLOW_INPUT");
        (await _client.PutAsJsonAsync((string)location["uri"]!, Large)).EnsureSuccessStatusCode();
        var id = await StartAsync(new JsonObject { ["externalInputPayloadStoragePath"] = (string)location["path"]! });
        Assert.Equal(2000, ((string)(await _engine.GetWorkflowAsync(id)).Input["text"]!).Length);

        var task = (await _engine.PollTasksAsync("a")).Single();
        var output = await GetAsync("tasks/externalstoragelocation?operation=WRITE&payloadType=TASK_OUTPUT");
        (await _client.PutAsJsonAsync((string)output["uri"]!, new JsonObject { ["big"] = 1 })).EnsureSuccessStatusCode();
        var result = new JsonObject { ["workflowInstanceId"] = id, ["taskId"] = task.TaskId, ["status"] = "COMPLETED", ["externalOutputPayloadStoragePath"] = (string)output["path"]! };
        (await _client.PostAsJsonAsync("tasks", result)).EnsureSuccessStatusCode();

        var workflow = await _engine.GetWorkflowAsync(id);
        Assert.Equal((WorkflowStatus.COMPLETED, """{"big":1}"""), (workflow.Status, workflow.Output.ToJsonString()));
    }

    [Fact]
    public async Task Paths_and_uploads_that_cannot_be_are_refused()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("external/postgres/task/input/none.json")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("external/postgres/..%2F..%2Fengine.db")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync("tasks/externalstoragelocation?operation=READ&payloadType=TASK_INPUT")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync("tasks/externalstoragelocation?operation=MOVE&payloadType=TASK_INPUT")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.PutAsJsonAsync("external/postgres/x", "text")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _client.PutAsJsonAsync("external/postgres/x", Large)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _client.PutAsJsonAsync("external/postgres/y", Large)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _client.PutAsJsonAsync("external/postgres/z", Large)).StatusCode);
    }
}
