using System.Net;
using System.Net.Sockets;
using Idflow.Conductor.Model;
using Idflow.Conductor.Rest;

namespace Idflow.Conductor.Tests.Rest;

public sealed class RestConductorTests
{
    [Theory]
    [InlineData("", "/api/tasks/t")]
    [InlineData("/", "/api/tasks/t")]
    [InlineData("/api", "/api/tasks/t")]
    [InlineData("/api/", "/api/tasks/t")]
    [InlineData("/conductor", "/conductor/api/tasks/t")]
    public async Task Address_may_end_with_or_without_api(string suffix, string expected)
    {
        await using var server = await LoopbackServer.StartAsync(_ => new CannedAnswer(200, "application/json", "{\"taskId\":\"t\"}"));
        using var client = Client(server.Url + suffix);

        await client.GetTaskAsync("t");

        Assert.Equal(expected, server.Requests.Single().Path);
    }

    [Theory]
    [InlineData("conductor:8080")]
    [InlineData("ftp://conductor")]
    [InlineData("")]
    public void Unusable_address_is_refused(string url) => Assert.Throws<ArgumentException>(() => Client(url));

    [Fact]
    public async Task Path_values_are_escaped_whatever_they_hold()
    {
        await using var server = await LoopbackServer.StartAsync(_ => new CannedAnswer(200));
        using var client = Client(server.Url);

        await client.RemoveEventHandlerAsync("a/b ?c#ü");

        Assert.Equal("/api/event/a%2Fb%20%3Fc%23%C3%BC", server.Requests.Single().Path);
    }

    [Theory]
    [InlineData("text/plain;charset=UTF-8", "4711")]
    [InlineData("application/json", "\"4711\"")]
    public async Task Id_is_read_bare_or_quoted(string contentType, string body)
    {
        await using var server = await LoopbackServer.StartAsync(_ => new CannedAnswer(200, contentType, body));
        using var client = Client(server.Url);

        Assert.Equal("4711", await client.StartWorkflowAsync(new StartWorkflowRequest { Name = "w" }));
    }

    [Fact]
    public async Task Null_input_is_sent_as_null()
    {
        await using var server = await LoopbackServer.StartAsync(_ => new CannedAnswer(200, "text/plain", "id"));
        using var client = Client(server.Url);

        await client.StartWorkflowAsync(new StartWorkflowRequest { Name = "w", Input = null });

        Assert.Contains("\"input\":null", server.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(204, null, "")]
    [InlineData(200, null, "")]
    [InlineData(200, "application/json", "null")]
    [InlineData(200, "application/json", "[]")]
    public async Task Empty_poll_is_an_empty_list(int status, string? contentType, string body)
    {
        await using var server = await LoopbackServer.StartAsync(_ => new CannedAnswer(status, contentType, body));
        using var client = Client(server.Url);

        Assert.Empty(await client.PollTasksAsync("t", "w1", "d", 3, TimeSpan.FromMilliseconds(250)));
        Assert.Equal("workerid=w1&domain=d&count=3&timeout=250", server.Requests.Single().Query);
    }

    [Theory]
    [InlineData(404, "{\"status\":404,\"message\":\"No static resource api/tasks/update-v2.\"}")]
    [InlineData(405, "{\"status\":405,\"message\":\"Request method 'POST' is not supported\"}")]
    public async Task Server_without_update_v2_gets_plain_updates_from_then_on(int status, string body)
    {
        await using var server = await LoopbackServer.StartAsync(sent =>
            sent.Path.EndsWith("update-v2", StringComparison.Ordinal) ? new CannedAnswer(status, "application/json", body) : new CannedAnswer(200, "text/plain", "t"));
        using var client = Client(server.Url);
        var result = new TaskResult { TaskId = "t", WorkflowInstanceId = "w", Status = TaskResultStatus.COMPLETED };

        Assert.Null(await client.UpdateTaskAndPollAsync(result));
        Assert.Null(await client.UpdateTaskAndPollAsync(result));

        Assert.Equal(["/api/tasks/update-v2", "/api/tasks", "/api/tasks"], server.Requests.Select(sent => sent.Path));
    }

    [Fact]
    public async Task Nobody_at_the_address_is_unavailable()
    {
        using var client = Client($"http://127.0.0.1:{FreePort()}");

        var error = await Assert.ThrowsAsync<ConductorUnavailableException>(() => client.StartWorkflowAsync(new StartWorkflowRequest { Name = "w" }));

        Assert.True(error.Retryable);
        Assert.Contains("127.0.0.1", error.Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silent_server_is_unavailable_after_the_time_limit()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = Client($"http://{listener.LocalEndpoint}", options => options with { Timeout = TimeSpan.FromMilliseconds(50) });

        var error = await Assert.ThrowsAsync<ConductorUnavailableException>(() => client.PauseWorkflowAsync("w"));

        Assert.IsType<TimeoutException>(error.InnerException);
    }

    [Fact]
    public async Task Reading_is_asked_again_when_the_connection_breaks()
    {
        await using var server = await BreakingServer.StartAsync(breaks: 2);
        using var client = Client(server.Url);

        Assert.Equal("t", (await client.GetTaskAsync("t")).TaskId);
        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task Start_is_not_sent_again_when_the_connection_breaks_after_it_was_sent()
    {
        await using var server = await BreakingServer.StartAsync(breaks: 1);
        using var client = Client(server.Url);

        await Assert.ThrowsAsync<ConductorUnavailableException>(() => client.StartWorkflowAsync(new StartWorkflowRequest { Name = "w" }));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Caller_who_gives_up_gets_a_cancellation()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = Client($"http://{listener.LocalEndpoint}");
        using var cancelled = new CancellationTokenSource();
        var call = client.GetTaskAsync("t", cancelled.Token);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Gateway_without_a_server_behind_it_is_unavailable(int status)
    {
        await using var server = await LoopbackServer.StartAsync(_ => new CannedAnswer(status, "text/html", "<html><title>Bad</title></html>"));
        using var client = Client(server.Url);

        await Assert.ThrowsAsync<ConductorUnavailableException>(() => client.GetTaskAsync("t"));
    }

    [Fact]
    public async Task Foreign_not_found_page_says_that_this_is_no_Conductor()
    {
        await using var server = await LoopbackServer.StartAsync(_ => new CannedAnswer(404, "text/html", "<html><h1>Nothing here</h1></html>"));
        using var client = Client(server.Url);

        var error = await Assert.ThrowsAsync<ConductorException>(() => client.GetTaskAsync("t"));

        Assert.Contains("is this the address of a Conductor server?", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing here", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_that_is_not_Conductors_is_an_error_that_says_so()
    {
        await using var server = await LoopbackServer.StartAsync(_ => new CannedAnswer(200, "text/html", "<html>login</html>"));
        using var client = Client(server.Url);

        Assert.Contains("not Conductor's JSON", (await Assert.ThrowsAsync<ConductorException>(() => client.GetTaskAsync("t"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_credentials_are_renewed_once()
    {
        await using var server = await LoopbackServer.StartAsync(sent =>
            sent.Authorization == "Bearer new" ? new CannedAnswer(200, "application/json", "{\"taskId\":\"t\"}") : new CannedAnswer(401, "application/json", "{\"message\":\"expired\"}"));
        using var client = Client(server.Url, options => options with { Credentials = new OldThenNew() });

        Assert.Equal("t", (await client.GetTaskAsync("t")).TaskId);
        Assert.Equal(["Bearer old", "Bearer new"], server.Requests.Select(sent => sent.Authorization));
    }

    private static RestConductor Client(string url, Func<RestConductorOptions, RestConductorOptions>? change = null)
    {
        var options = new RestConductorOptions { ServerUrl = url, RetryPause = TimeSpan.FromMilliseconds(1) };
        return new RestConductor(change?.Invoke(options) ?? options);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private sealed class OldThenNew : IConductorCredentials
    {
        public ValueTask AuthorizeAsync(HttpRequestMessage request, bool renew, CancellationToken cancellationToken)
        {
            request.Headers.TryAddWithoutValidation("Authorization", renew ? "Bearer new" : "Bearer old");
            return ValueTask.CompletedTask;
        }
    }
}
