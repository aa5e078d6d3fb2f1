using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Idflow.Durability.Tests.Killing;

/// <summary>What came back; <see cref="Status"/> is 0 when nothing did, and then nobody knows whether the call was carried out.</summary>
internal readonly record struct Reply(int Status, string Body)
{
    public bool IsAcknowledged => Status is >= 200 and < 300;

    public JsonNode? Json => JsonNode.Parse(Body);
}

/// <summary>The REST API of whichever process serves now, seen as any client sees it.</summary>
internal sealed class Api : IDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(20) };
    private TaskCompletionSource<Uri> _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers that no client should see: 5xx without <c>retryable</c>, or no JSON.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Unexpected { get; } = new();

    public void Serve(Uri url) => _serving.TrySetResult(url);

    /// <summary>Nobody serves; who waits already goes on waiting.</summary>
    public void Down()
    {
        if (_serving.Task.IsCompleted)
        {
            _serving = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Sends once, as soon as somebody serves.</summary>
    public async Task<Reply> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        var url = await _serving.Task.WaitAsync(cancellationToken);
        using var request = new HttpRequestMessage(method, new Uri(url, path));
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }
        try
        {
            using var response = await _client.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            Look(method, path, response.StatusCode, text);
            return new Reply((int)response.StatusCode, text);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or SocketException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            await Task.Delay(5, cancellationToken);
            return default;
        }
    }

    public Task<Reply> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>Reads until there is an answer.</summary>
    public async Task<Reply> ReadAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await GetAsync(path, cancellationToken) is { Status: > 0 } reply)
            {
                return reply;
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private void Look(HttpMethod method, string path, HttpStatusCode status, string text)
    {
        if ((int)status >= 500 && !text.Contains("\"retryable\":true", StringComparison.Ordinal))
        {
            Unexpected.Enqueue($"{method} {path}: {(int)status} {text}");
        }
    }
}
