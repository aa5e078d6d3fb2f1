using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine;

namespace Idflow.Server.Tests;

/// <summary>Bounds of the server itself, and what it tells of secrets.</summary>
public sealed class LimitTests
{
    private static async Task WithServerAsync(ServerOptions options, Func<HttpClient, EmbeddedEngine, Task> use)
    {
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions());
        await using var server = await ConductorServer.StartAsync(engine, options with { Urls = "http://127.0.0.1:0" });
        using var client = new HttpClient { BaseAddress = new Uri(server.Addresses[0] + "/api/") };
        await use(client, engine);
    }

    [Theory]
    [InlineData(2, 100)]
    [InlineData(100, 2)]
    public Task A_poll_too_many_is_answered_429_and_one_that_ends_makes_room(int all, int perClient) => WithServerAsync(new ServerOptions { MaxPolls = all, MaxPollsPerClient = perClient }, async (client, engine) =>
    {
        using var gone = new CancellationTokenSource();
        Task[] waiting = [.. Enumerable.Range(0, 2).Select(n => client.GetAsync($"tasks/poll/batch/type{n}?timeout=5000", gone.Token))];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await engine.GetPollDataAsync(cancellationToken: limit.Token)).Count < 2)
        {
            await Task.Delay(5, limit.Token);
        }

        var refused = await client.GetAsync("tasks/poll/batch/none?timeout=1", limit.Token);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("limit", (string)(await refused.Content.ReadFromJsonAsync<JsonNode>())!["message"]!, StringComparison.Ordinal);
        await gone.CancelAsync();
        await Task.WhenAll(waiting).ContinueWith(_ => { }, TaskScheduler.Default);
        while ((await client.GetAsync("tasks/poll/batch/none?timeout=1", limit.Token)).StatusCode != HttpStatusCode.OK)
        {
            await Task.Delay(5, limit.Token);
        }
    });

    [Fact]
    public Task A_body_of_a_hundred_megabytes_is_refused_and_the_server_goes_on() => WithServerAsync(new ServerOptions(), async (client, engine) =>
    {
        var body = new byte[100 * 1024 * 1024];
        Array.Fill(body, (byte)' ');
        HttpStatusCode? status;
        try
        {
            using var content = new ByteArrayContent(body);
            status = (await client.PostAsync("workflow", content)).StatusCode;
        }
        catch (HttpRequestException)
        {
            // The server closes the connection on a client that goes on sending.
            status = null;
        }

        Assert.True(status is null or HttpStatusCode.RequestEntityTooLarge, $"status {status}");
        Assert.True((await client.GetAsync("health")).IsSuccessStatusCode);
        Assert.Empty(await engine.GetWorkflowDefsAsync());
    });

    [Fact]
    public Task Large_bodies_are_read_in_turn_and_small_ones_pass() => WithServerAsync(new ServerOptions { MaxLargeBodies = 1, LargeBodyTime = TimeSpan.FromSeconds(30) }, async (client, _) =>
    {
        var text = new string('x', 3 * 1024 * 1024);
        var definition = JsonContent.Create(new { name = "wf", description = text, ownerEmail = "a@example.com", tasks = new[] { new { name = "a", taskReferenceName = "a" } } });
        var held = new TaskCompletionSource();
        var first = client.PostAsync("metadata/workflow", new HeldContent(await definition.ReadAsByteArrayAsync(), held.Task));
        Task<HttpResponseMessage>[] others = [.. Enumerable.Range(0, 3).Select(n => client.PostAsJsonAsync("metadata/workflow/validate", new { name = $"wf{n}", description = text, tasks = new[] { new { name = "a", taskReferenceName = "a" } } }))];

        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync("metadata/workflow/validate", new { name = "small", tasks = new[] { new { name = "a", taskReferenceName = "a" } } })).StatusCode);
        held.SetResult();
        Assert.All(await Task.WhenAll(others), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
    });

    [Fact]
    public Task A_large_body_that_does_not_come_is_answered_408() => WithServerAsync(new ServerOptions { LargeBodyTime = TimeSpan.FromMilliseconds(200) }, async (client, engine) =>
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", client.BaseAddress!.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/workflow HTTP/1.1\r\nHost: x\r\nContent-Length: {3 * 1024 * 1024}\r\n\r\n{{"));

        using var reader = new StreamReader(stream);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.Equal("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync(limit.Token));
        Assert.Empty(await engine.GetWorkflowDefsAsync());
    });

    /// <summary>Sends half of its bytes, and the rest when it is let go on.</summary>
    private sealed class HeldContent(byte[] bytes, Task goOn) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await stream.FlushAsync();
            await goOn;
            await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }

    [Fact]
    public Task Event_queues_are_empty_since_events_are_handled_at_once() => WithServerAsync(new ServerOptions(), async (client, engine) =>
    {
        await engine.AddEventHandlerAsync(new EventHandlerDef { Name = "h", Event = "conductor:wf:x", Active = true, Actions = [new EventAction { Action = EventActionType.start_workflow, StartWorkflow = new JsonObject { ["name"] = "wf" } }] });

        Assert.Equal("{}", await client.GetStringAsync("queue/size"));
        Assert.Equal("{}", await client.GetStringAsync("queue/"));
        Assert.Equal("""{"conductor:wf:x":"wf:x"}""", await client.GetStringAsync("admin/queues"));
        Assert.Equal("""{"conductor:wf:x":{"wf:x":0}}""", await client.GetStringAsync("admin/queues?verbose=true"));
    });

    [Fact]
    public Task Secrets_are_named_and_never_shown() => WithServerAsync(
        new ServerOptions { SecretNames = ["token"], Environment = new Dictionary<string, string> { ["region"] = "eu" } },
        async (client, _) =>
        {
            Assert.Equal("""["token"]""", await client.GetStringAsync("secrets"));
            Assert.Equal("true", await client.GetStringAsync("secrets/token/exists"));
            Assert.Equal("false", await client.GetStringAsync("secrets/other/exists"));
            Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("secrets/token")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("secrets/other")).StatusCode);
            Assert.Equal("""[{"name":"region","value":"eu"}]""", await client.GetStringAsync("environment"));
            Assert.Equal("eu", await client.GetStringAsync("environment/region"));
            Assert.Equal("", await client.GetStringAsync("environment/other"));
        });
}
