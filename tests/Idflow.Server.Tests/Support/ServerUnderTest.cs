using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Idflow.Conductor;

namespace Idflow.Server.Tests.Support;

/// <summary>A server on a free loopback port and a client for it.</summary>
public sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly ConductorServer _server;

    private ServerUnderTest(ConductorServer server)
    {
        _server = server;
        Client = new HttpClient { BaseAddress = new Uri(server.Addresses[0] + "/") };
    }

    public HttpClient Client { get; }

    public Uri Root => Client.BaseAddress!;

    public static async Task<ServerUnderTest> StartAsync(IConductor conductor, ServerOptions? options = null) =>
        new(await ConductorServer.StartAsync(conductor, (options ?? new ServerOptions()) with { Urls = "http://127.0.0.1:0" }));

    public async Task<Reply> SendAsync(HttpMethod method, string path, string? body = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        using var response = await Client.SendAsync(request);
        return new Reply(response.StatusCode, response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) ? types.ToString() : null, await response.Content.ReadAsStringAsync());
    }

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Reply> PostAsync(string path, string? body) => SendAsync(HttpMethod.Post, path, body);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }
}

/// <summary>What came back.</summary>
public sealed record Reply(HttpStatusCode Status, string? ContentType, string Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Message => Json["message"]!.GetValue<string>();
}
