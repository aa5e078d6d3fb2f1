using System.Net;
using System.Net.Sockets;
using System.Text;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Server.Tests.Support;

namespace Idflow.Server.Tests;

public sealed class ErrorTests
{
    [Fact]
    public async Task Unknown_path_is_404_in_Conductors_shape()
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With());

        var reply = await server.PostAsync("api/token", "{}");

        Assert.Equal(HttpStatusCode.NotFound, reply.Status);
        Assert.Equal("application/json", reply.ContentType);
        Assert.Equal("No static resource api/token.", reply.Message);
        Assert.Equal(404, reply.Json["status"]!.GetValue<int>());
        Assert.Equal(Environment.MachineName, reply.Json["instance"]!.GetValue<string>());
        Assert.False(reply.Json["retryable"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Known_path_with_a_wrong_method_is_405()
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With());

        var reply = await server.GetAsync("api/metadata/workflow/w/tags");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, reply.Status);
        Assert.Equal("application/json", reply.ContentType);
        Assert.Equal("Request method 'GET' is not supported", reply.Message);
    }

    [Theory]
    [InlineData("api/metadata/workflow", "GET,HEAD,POST,PUT,OPTIONS")]
    [InlineData("api/workflow/w1", "DELETE,GET,HEAD,POST,OPTIONS")]
    [InlineData("api/tasks/update-v2", "GET,HEAD,POST,OPTIONS")]
    public async Task Options_tells_the_methods_of_a_path(string path, string allowed)
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With());

        var answer = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Options, path) { Headers = { { "Origin", "http://elsewhere.example" }, { "Access-Control-Request-Method", "POST" } } });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(allowed.Split(',').Order(), answer.Content.Headers.Allow.Order());
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Options, "api/none"))).StatusCode);
    }

    [Theory]
    [InlineData("{\"name\": ", "line 1, column 10")]
    [InlineData("{\"name\": \"w\",\n \"tasks\": [{\"startDelay\": \"soon\"}]}", "line 2", "field tasks[0].startDelay", "expected a whole number, found the text \"soon\"")]
    [InlineData("{\"name\": \"w\", \"timeoutPolicy\": \"RETRY\"}", "field timeoutPolicy", "expected one of TIME_OUT_WF, ALERT_ONLY")]
    [InlineData("[]", "expected an object")]
    [InlineData("{\"name\": {}}", "field name", "expected a text, found an object")]
    [InlineData("{\"inputTemplate\": {\"a\": 1, \"a\": 2}}", "a")]
    [InlineData("{\"name\": \"a\"} {", "JSON parse error")]
    [InlineData("{\"inputTemplate\": {\"a\": \"\\ud800\"}}", "field inputTemplate", "UTF-16")]
    [InlineData("", "Required request body is missing")]
    [InlineData("null", "Required request body is missing")]
    public async Task Unreadable_body_is_400_and_says_where(string body, params string[] expected)
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With());

        var reply = await server.PostAsync("api/metadata/workflow", body);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.All(expected, part => Assert.Contains(part, reply.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("Idflow.", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_deep_a_body_is_400()
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With());

        var reply = await server.PostAsync("api/workflow", "{\"name\":\"w\",\"input\":{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}}");

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Contains("256", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_large_a_body_is_413()
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With(), new ServerOptions { MaxRequestBodyBytes = 1000 });

        var reply = await server.PostAsync("api/workflow", "{\"name\":\"" + new string('x', 2000) + "\"}");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, reply.Status);
        Assert.Equal("application/json", reply.ContentType);
        Assert.Equal(413, reply.Json["status"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("GET", "api/metadata/workflow/w?version=abc", "'version'", "'abc'")]
    [InlineData("GET", "api/tasks/queue/size", "'taskType'")]
    [InlineData("GET", "api/workflow/w?includeTasks=perhaps", "'includeTasks'", "true or false")]
    [InlineData("POST", "api/tasks/w/a/BOGUS", "'status'", "FAILED_WITH_TERMINAL_ERROR")]
    public async Task Unreadable_parameter_is_400_and_names_it(string method, string path, params string[] expected)
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With());

        var reply = await server.SendAsync(new HttpMethod(method), path);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.All(expected, part => Assert.Contains(part, reply.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_that_is_no_number_is_not_found()
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With());

        var reply = await server.SendAsync(HttpMethod.Delete, "api/metadata/workflow/w/tags");

        Assert.Equal(HttpStatusCode.NotFound, reply.Status);
        Assert.Contains("'tags'", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Field_checks_come_through_without_an_instance()
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With((nameof(IConductor.StartWorkflowAsync), _ =>
            throw ConductorException.BadRequest("Validation failed, check below errors for detail.", [new ValidationError("startWorkflow.arg0.priority", "priority: 100 should be maximum 99", "100")]))));

        var reply = await server.PostAsync("api/workflow", "{\"name\":\"w\",\"priority\":100}");

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(
            """{"status":400,"message":"Validation failed, check below errors for detail.","retryable":false,"validationErrors":[{"path":"startWorkflow.arg0.priority","message":"priority: 100 should be maximum 99","invalidValue":"100"}]}""",
            reply.Body);
    }

    [Fact]
    public async Task Fault_of_the_engine_is_500_in_Conductors_shape()
    {
        await using var server = await ServerUnderTest.StartAsync(FakeConductor.With((nameof(IConductor.GetTaskAsync), _ => throw new InvalidOperationException("boom"))));

        var reply = await server.GetAsync("api/tasks/t");

        Assert.Equal(HttpStatusCode.InternalServerError, reply.Status);
        Assert.Contains("boom", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_in_use_is_an_error_that_names_it()
    {
        await using var first = await ServerUnderTest.StartAsync(FakeConductor.With());

        var error = await Assert.ThrowsAsync<IOException>(() => ConductorServer.StartAsync(FakeConductor.With(), new ServerOptions { Urls = first.Root.ToString() }));

        Assert.Contains(first.Root.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8080")]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("http://example.com:0")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("")]
    public async Task Unusable_address_is_refused(string urls) =>
        await Assert.ThrowsAsync<FormatException>(() => ConductorServer.StartAsync(FakeConductor.With(), new ServerOptions { Urls = urls }));

    [Fact]
    public async Task Localhost_means_both_loopback_addresses()
    {
        await using var server = await ConductorServer.StartAsync(FakeConductor.With(), new ServerOptions { Urls = "http://localhost:0" });
        var port = new Uri(server.Addresses[0]).Port;
        using var client = new HttpClient();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri($"http://127.0.0.1:{port}/health"))).StatusCode);
        if (Socket.OSSupportsIPv6)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri($"http://[::1]:{port}/health"))).StatusCode);
        }
    }
}
