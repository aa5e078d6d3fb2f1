using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor.Json;

namespace Idflow.Conductor.Rest;

/// <summary>
/// Sends calls and turns every failure into a <see cref="ConductorException"/>. Sends again only what certainly did not arrive (no
/// connection), or what may arrive twice.
/// </summary>
internal sealed class RestTransport : IDisposable
{
    private readonly RestConductorOptions _options;
    private readonly HttpClient _client;

    public RestTransport(RestConductorOptions options, HttpMessageHandler? handler)
    {
        _options = options;
        var address = BaseAddress(options.ServerUrl);
        _client = new HttpClient(handler ?? CreateHandler(address)) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
    }

    public static Uri BaseAddress(string serverUrl)
    {
        if (!Uri.TryCreate(serverUrl, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"'{serverUrl}' is not the address of a Conductor server; write it as http://host:8080.", nameof(serverUrl));
        }

        var path = uri.AbsolutePath.TrimEnd('/');
        return new UriBuilder(uri) { Path = (path.EndsWith("/api", StringComparison.Ordinal) ? path : path + "/api") + "/", Query = "", Fragment = "" }.Uri;
    }

    public async Task SendAsync(RestCall call, CancellationToken cancellationToken) => await SendCoreAsync(call, cancellationToken);

    /// <summary>The answer as bare text; null when it is empty.</summary>
    public async Task<string?> SendForTextAsync(RestCall call, CancellationToken cancellationToken)
    {
        var reply = await SendCoreAsync(call, cancellationToken);
        var text = Encoding.UTF8.GetString(reply.Body).Trim();
        // Some gateways turn text answers into JSON.
        return text.Length == 0 ? null : text is ['"', .., '"'] ? ConductorJson.Deserialize<string>(text) : text;
    }

    /// <summary>The answer as JSON; null when it is empty.</summary>
    public async Task<T?> SendForJsonAsync<T>(RestCall call, CancellationToken cancellationToken)
    {
        var reply = await SendCoreAsync(call, cancellationToken);
        if (reply.Body.Length == 0)
        {
            return default;
        }

        try
        {
            return ConductorJson.Deserialize<T>(reply.Body);
        }
        catch (JsonException exception)
        {
            throw new ConductorException(500, $"{call.Method} {_client.BaseAddress}{call.Address} answered something that is not Conductor's JSON: {exception.Message}", innerException: exception);
        }
    }

    /// <summary>
    /// A payload at an address that the server has named. The credentials go along only where they belong: an address elsewhere (a bucket) is signed itself.
    /// </summary>
    public async Task<JsonObject> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        var here = _client.BaseAddress!;
        if (Uri.Compare(address, here, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0)
        {
            return await SendForJsonAsync<JsonObject>(RestCall.GetAddress(address), cancellationToken) ?? [];
        }

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_options.Timeout);
            using var response = await _client.GetAsync(address, limit.Token);
            response.EnsureSuccessStatusCode();
            return ConductorJson.Deserialize<JsonObject>(await response.Content.ReadAsByteArrayAsync(limit.Token)) ?? [];
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ConductorException(503, $"The payload at {address.GetLeftPart(UriPartial.Path)} cannot be read: {exception.Message}", retryable: true, innerException: exception);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<RestReply> SendCoreAsync(RestCall call, CancellationToken cancellationToken)
    {
        var pause = _options.RetryPause;
        for (var attempt = 0; ; attempt++, pause *= 2)
        {
            try
            {
                return await SendOnceAsync(call, cancellationToken);
            }
            catch (HttpRequestException exception)
            {
                if (attempt >= _options.Retries || !(call.Repeatable || NeverArrived(exception)))
                {
                    throw new ConductorUnavailableException(_client.BaseAddress!.ToString(), exception);
                }
            }

            await Task.Delay(pause, _options.TimeProvider, cancellationToken);
        }
    }

    private async Task<RestReply> SendOnceAsync(RestCall call, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Timeout + call.ExtraTime, _options.TimeProvider);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var reply = await SendAuthorizedAsync(call, renew: false, ended.Token);
            if (reply.Status == HttpStatusCode.Unauthorized && _options.Credentials is not null)
            {
                reply = await SendAuthorizedAsync(call, renew: true, ended.Token);
            }

            return (int)reply.Status < 400 ? reply : throw RestErrors.Of(reply, call, _client.BaseAddress!);
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ConductorUnavailableException(_client.BaseAddress!.ToString(), new TimeoutException($"No answer within {_options.Timeout + call.ExtraTime}.", exception));
        }
        catch (IOException exception)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, exception.Message, exception);
        }
    }

    private async Task<RestReply> SendAuthorizedAsync(RestCall call, bool renew, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(call.Method, call.Address);
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(call.ContentType) } };
        }

        if (_options.Credentials is { } credentials)
        {
            await credentials.AuthorizeAsync(request, renew, cancellationToken);
        }

        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return new RestReply(response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private static bool NeverArrived(HttpRequestException exception) =>
        exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;

    private static SocketsHttpHandler CreateHandler(Uri address) => new()
    {
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseProxy = !address.IsLoopback,
        UseCookies = false,
    };
}

/// <summary>A whole answer.</summary>
internal sealed record RestReply(HttpStatusCode Status, string? ContentType, byte[] Body);
