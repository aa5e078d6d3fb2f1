using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;

namespace Idflow.Benchmarks.Load;

/// <summary>Any Conductor server over its REST API: kept connections, and no more work on this side than the measurement needs.</summary>
internal sealed class RestTarget : ILoadTarget
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly string Output = Flows.Payload().ToJsonString();

    private readonly HttpClient _http;
    private readonly ServerProcess? _server;

    /// <param name="api">The URL that ends with <c>/api</c>.</param>
    /// <param name="server">The process behind it when it is ours; ends with this target.</param>
    public RestTarget(string api, ServerProcess? server)
    {
        _server = server;
        Title = $"Conductor's REST API at {api}";
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri(api.TrimEnd('/') + '/'),
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    public string Title { get; }

    public async Task DefineAsync(IReadOnlyList<TaskDef> tasks, IReadOnlyList<WorkflowDef> workflows)
    {
        await SendAsync(HttpMethod.Post, "metadata/taskdefs", ConductorJson.SerializeToUtf8Bytes(tasks));
        await SendAsync(HttpMethod.Put, "metadata/workflow", ConductorJson.SerializeToUtf8Bytes(workflows));
    }

    public async Task<string> StartAsync(string workflow, JsonObject input) =>
        Encoding.UTF8.GetString(await SendAsync(HttpMethod.Post, "workflow", Encoding.UTF8.GetBytes($$"""{"name":"{{workflow}}","version":1,"input":{{input.ToJsonString()}}}""")));

    public async Task<IReadOnlyList<HandedOut>> PollAsync(string taskType, int count, TimeSpan timeout)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"tasks/poll/batch/{taskType}?workerid=load&count={count}&timeout={(int)timeout.TotalMilliseconds}");
        return Read(await SendAsync(HttpMethod.Get, path, null));
    }

    public Task CompleteAsync(HandedOut task) => SendAsync(HttpMethod.Post, "tasks",
        Encoding.UTF8.GetBytes($$"""{"workflowInstanceId":"{{task.WorkflowId}}","taskId":"{{task.TaskId}}","workerId":"load","status":"COMPLETED","outputData":{{Output}}}"""));

    public async Task<bool> IsCompletedAsync(string workflowId)
    {
        var workflow = JsonNode.Parse(await SendAsync(HttpMethod.Get, $"workflow/{workflowId}?includeTasks=false", null))!;
        return (string?)workflow["status"] == "COMPLETED";
    }

    public TimeSpan? ProcessorTime() => _server?.ProcessorTime();

    public long? ResidentBytes() => _server?.ResidentBytes();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task<byte[]> SendAsync(HttpMethod method, string path, byte[]? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = Json;
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead);
        var answer = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode ? answer
            : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {Encoding.UTF8.GetString(answer)}");
    }

    /// <summary>The two ids of each task of a list; everything else is passed over.</summary>
    private static List<HandedOut> Read(byte[] json)
    {
        var tasks = new List<HandedOut>();
        var reader = new Utf8JsonReader(json);
        string? taskId = null;
        string? workflowId = null;
        while (reader.Read())
        {
            if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.EndObject })
            {
                tasks.Add(new HandedOut(taskId!, workflowId!));
            }
            else if (reader is { CurrentDepth: 2, TokenType: JsonTokenType.PropertyName })
            {
                var isTask = reader.ValueTextEquals("taskId"u8);
                var isWorkflow = reader.ValueTextEquals("workflowInstanceId"u8);
                reader.Read();
                if (isTask)
                {
                    taskId = reader.GetString();
                }
                else if (isWorkflow)
                {
                    workflowId = reader.GetString();
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return tasks;
    }
}
