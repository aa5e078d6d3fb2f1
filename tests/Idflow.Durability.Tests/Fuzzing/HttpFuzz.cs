using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine;
using Idflow.Server;

namespace Idflow.Durability.Tests.Fuzzing;

/// <summary>
/// A real server on loopback under strange requests: every path that it describes, with values, queries, bodies and headers that are
/// almost right, bodies that are too large or cut off, and clients that vanish.
/// </summary>
internal sealed class HttpFuzz : IAsyncDisposable
{
    /// <summary>What a server says of what it does not do.</summary>
    private const int NotSupportedHere = 501;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"];
    private static readonly string[] ContentTypes = ["application/json", "text/plain", "application/xml", "application/json; charset=utf-16", "multipart/form-data; boundary=x", ";;;", "application/json;charset=nonsense"];
    private readonly EmbeddedEngine _engine;
    private readonly ConductorServer _server;
    private readonly HttpClient _client;
    private readonly Random _random;
    private readonly Mutations _values;
    private readonly Mutations _bodies;
    private readonly List<string> _faults = [];
    private IReadOnlyList<(string Path, string Method, IReadOnlyList<string> Query)> _routes = [];

    private HttpFuzz(EmbeddedEngine engine, ConductorServer server, int seed)
    {
        (_engine, _server, _random) = (engine, server, new Random(seed));
        _client = new HttpClient { BaseAddress = new Uri(server.Addresses[0]), Timeout = TimeSpan.FromSeconds(20) };
        _values = new Mutations(_random, ["main", "work", "1", "COMPLETED", "00000000-0000-4000-8000-000000000001", "status=RUNNING", "startTime:ASC", "true", "5", "a,b", "conductor:main:told", "*/5 * * * * ?"]);
        _bodies = new Mutations(_random, Bodies);
    }

    private static IReadOnlyList<string> Bodies =>
    [
        .. Simulation.SimulatedWorkflows.All.Select(definition => ConductorJson.Serialize(definition)),
        """{"name":"main","version":1,"input":{"v":1},"correlationId":"c","priority":3,"taskToDomain":{"*":"d"},"idempotencyKey":"k","idempotencyStrategy":"RETURN_EXISTING"}""",
        """{"workflowInstanceId":"w","taskId":"t","status":"COMPLETED","outputData":{"a":[1,{"b":null}]},"logs":[{"log":"x","taskId":"t","createdTime":1}],"callbackAfterSeconds":5}""",
        """[{"name":"work","retryCount":1,"timeoutSeconds":5,"timeoutPolicy":"RETRY","retryLogic":"FIXED","ownerEmail":"a@example.com","inputKeys":["a"]}]""",
        """["00000000-0000-4000-8000-000000000001","x"]""",
        """{"name":"h","event":"conductor:main:told","active":true,"actions":[{"action":"complete_task","complete_task":{"workflowId":"${w}","taskRefName":"r","output":{}}}],"condition":"$.a == 1"}""",
        """{"name":"tick","cronExpression":"*/20 * * * * ?","startWorkflowRequest":{"name":"main"}}""",
        """{"workflowDef":{"name":"t","tasks":[{"name":"work","taskReferenceName":"r"}]},"name":"t","taskRefToMockOutput":{"r":[{"status":"COMPLETED","output":{"x":1}}]}}""",
        """{"reRunFromWorkflowId":"w","workflowInput":{"v":2},"reRunFromTaskId":"t","taskInput":{}}""",
    ];

    public static async Task<HttpFuzz> StartAsync(int seed)
    {
        var engine = await EmbeddedEngine.OpenAsync(new EngineOptions());
        await engine.CreateTaskDefsAsync(Simulation.SimulatedWorkflows.TaskDefs);
        await engine.UpdateWorkflowDefsAsync(Simulation.SimulatedWorkflows.All);
        var server = await ConductorServer.StartAsync(engine, new ServerOptions { Urls = "http://127.0.0.1:0", MaxRequestBodyBytes = 1024 * 1024 });
        return new HttpFuzz(engine, server, seed);
    }

    public async Task<IReadOnlyList<string>> RunAsync(int requests)
    {
        var described = JsonNode.Parse(await _client.GetStringAsync(new Uri("/api-docs", UriKind.Relative)))!["paths"]!.AsObject();
        _routes = [.. described.SelectMany(path => path.Value!.AsObject().Select(method =>
            (path.Key, method.Key.ToUpperInvariant(), (IReadOnlyList<string>)[.. (method.Value!["parameters"] as JsonArray ?? []).Where(parameter => (string?)parameter!["in"] == "query").Select(parameter => (string)parameter!["name"]!)])))];
        for (var i = 0; i < requests; i++)
        {
            await (_random.Next(40) switch { 0 => TruncatedAsync(), 1 => VanishAsync(), 2 => HugeAsync(), 3 => DeepAsync(), _ => StrangeAsync() });
        }
        await GoesOnAsync();
        return _faults;
    }

    private async Task StrangeAsync()
    {
        var (path, method, query) = _routes[_random.Next(_routes.Count)];
        var target = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]+\}", _ => Uri.EscapeDataString(Safe(_values.Next())));
        if (query.Count > 0 && _random.Next(2) == 0)
        {
            target += "?" + string.Join('&', query.Where(_ => _random.Next(2) == 0).Select(name => $"{name}={Uri.EscapeDataString(Safe(_values.Next()))}"));
        }
        else if (_random.Next(10) == 0)
        {
            target += "?%zz&&=&a=b=c&" + new string('x', _random.Next(2000));
        }
        if (_random.Next(20) == 0)
        {
            method = Methods[_random.Next(Methods.Length)];
        }
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        if (method is "POST" or "PUT" || _random.Next(10) == 0)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(_bodies.Next()));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", _random.Next(4) == 0 ? ContentTypes[_random.Next(ContentTypes.Length)] : "application/json");
        }
        await SendAsync(request);
    }

    /// <summary>Without what a client cannot send, and without NUL, which the web server itself refuses.</summary>
    private static string Safe(string text) => new([.. text.Where(letter => letter != '\0' && !char.IsSurrogate(letter)).DefaultIfEmpty('x')]);

    private async Task HugeAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/workflow");
        request.Content = new StringContent("{\"name\":\"" + new string('x', 1024 * 1024 * _random.Next(1, 4)) + "\"}", Encoding.UTF8, "application/json");
        await SendAsync(request);
    }

    private async Task DeepAsync()
    {
        var depth = _random.Next(1, 100_000);
        using var request = new HttpRequestMessage(HttpMethod.Post, _random.Next(2) == 0 ? "/api/workflow/main" : "/api/metadata/workflow");
        request.Content = new StringContent("{\"a\":" + string.Concat(Enumerable.Repeat(_random.Next(2) == 0 ? "[" : "{\"a\":", depth)), Encoding.UTF8, "application/json");
        await SendAsync(request);
    }

    private async Task SendAsync(HttpRequestMessage request)
    {
        var label = $"{request.Method} {request.RequestUri} {(request.Content is { } content ? Shortened(Encoding.UTF8.GetString(await content.ReadAsByteArrayAsync())) : "")}";
        try
        {
            using var response = await _client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            if ((int)response.StatusCode is >= 500 and not NotSupportedHere)
            {
                _faults.Add($"{label}: {(int)response.StatusCode} {Shortened(text)}");
            }
            else if ((int)response.StatusCode >= 400 && request.Method != HttpMethod.Head && !IsErrorBody(text, (int)response.StatusCode))
            {
                _faults.Add($"{label}: {(int)response.StatusCode} without Conductor's error body: {Shortened(text)}");
            }
        }
        catch (TaskCanceledException)
        {
            _faults.Add($"{label}: no answer in {_client.Timeout.TotalSeconds} s");
        }
        catch (HttpRequestException) when (request.Content is not null)
        {
            // A server may close the connection on a body that it does not read.
        }
    }

    private static bool IsErrorBody(string text, int status)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject body && (int?)body["status"] == status && body["message"] is not null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private static string Shortened(string text) => text.Length > 400 ? $"{text[..400]}.. ({text.Length})" : text;

    /// <summary>Says that more will come, and hangs up.</summary>
    private Task TruncatedAsync() => RawAsync("POST /api/workflow HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"name\":\"ma", read: false);

    /// <summary>Polls for long, and is gone.</summary>
    private Task VanishAsync() => RawAsync(_random.Next(3) switch
    {
        0 => "GET /api/tasks/poll/batch/work?count=3&timeout=3000 HTTP/1.1\r\nHost: x\r\n\r\n",
        1 => "GET / HTTP/9.9\r\n\r\n\r\n",
        _ => $"{new string('A', 50)}\r\n\u0001\u0002:\r\n\r\n",
    }, read: _random.Next(2) == 0);

    private async Task RawAsync(string text, bool read)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_client.BaseAddress!.Host, _client.BaseAddress.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));
        if (read)
        {
            using var limit = new CancellationTokenSource(50);
            try
            {
                _ = await client.GetStream().ReadAsync(new byte[1000], limit.Token);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                // Gone either way.
            }
        }
    }

    /// <summary>After all of that a workflow runs as ever.</summary>
    private async Task GoesOnAsync()
    {
        using var started = await _client.PostAsync(new Uri("/api/metadata/workflow?overwrite=true", UriKind.Relative),
            new StringContent("""{"name":"after","version":1,"ownerEmail":"a@example.com","tasks":[{"name":"n","taskReferenceName":"n","type":"NOOP"}]}""", Encoding.UTF8, "application/json"));
        using var run = await _client.PostAsync(new Uri("/api/workflow/after", UriKind.Relative), new StringContent("{}", Encoding.UTF8, "application/json"));
        var id = await run.Content.ReadAsStringAsync();
        var workflow = JsonNode.Parse(await _client.GetStringAsync(new Uri($"/api/workflow/{id}", UriKind.Relative)))!;
        if ((string?)workflow["status"] != "COMPLETED")
        {
            _faults.Add($"afterwards a workflow is {workflow["status"]}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _engine.DisposeAsync();
    }
}
