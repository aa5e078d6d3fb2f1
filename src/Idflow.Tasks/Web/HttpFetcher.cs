using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Idflow.Tasks.Web;

/// <summary>An answer with its body read, after redirects.</summary>
internal sealed record FetchedBytes(Uri Address, HttpStatusCode Status, byte[] Body, string? MediaType, string? Charset, string? ETag, string? LastModified, TimeSpan? RetryAfter);

/// <summary>A request of the fetcher.</summary>
internal sealed record FetchRequest(Uri Address)
{
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Fields of a form to post.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Form { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public long? MostBytes { get; init; }
}

/// <summary>
/// One request with limits on time, redirects and bytes; every address on the way is checked. It knows nothing of robots.txt or
/// politeness: that is <see cref="PageFetcher"/>.
/// </summary>
internal sealed class HttpFetcher(HttpMessageInvoker http, CrawlSettings settings, bool offline, TimeProvider time)
{
    /// <exception cref="FetchRefusedException">The address, a redirect or the answer is not acceptable.</exception>
    /// <exception cref="HttpRequestException">The host cannot be reached or breaks off.</exception>
    /// <exception cref="TimeoutException">The answer did not come in time.</exception>
    public async Task<FetchedBytes> SendAsync(FetchRequest request, CancellationToken cancellationToken, Func<Uri, Task<string?>>? checkRedirect = null)
    {
        using var deadline = new CancellationTokenSource(settings.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var address = request.Address;
        try
        {
            for (var hop = 0; hop <= SafeHttp.MostRedirects; hop++)
            {
                Check(address);
                using var message = Message(request, address, hop);
                using var response = await FirstByteAsync(message, stop.Token);
                if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
                {
                    return await ReadAsync(address, response, request, stop.Token);
                }

                address = location.IsAbsoluteUri ? location : new Uri(address, location);
                if (checkRedirect is not null && await checkRedirect(address) is { } reason)
                {
                    throw new FetchRefusedException($"it redirects to {address}: {reason}");
                }
            }
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{address.Host} did not answer within {settings.Timeout.TotalSeconds:0} s", error);
        }
        catch (HttpRequestException error) when (error.InnerException is FetchRefusedException refused)
        {
            throw new FetchRefusedException(refused.Message);
        }

        throw new FetchRefusedException($"it redirects more than {SafeHttp.MostRedirects} times");
    }

    private void Check(Uri address)
    {
        if (SafeHttp.Refusal(address, settings) is { } reason)
        {
            throw new FetchRefusedException(reason);
        }

        if (offline)
        {
            throw new FetchRefusedException("the project is offline");
        }
    }

    private async Task<HttpResponseMessage> FirstByteAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settings.FirstByteTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        return await http.SendAsync(message, stop.Token);
    }

    private HttpRequestMessage Message(FetchRequest request, Uri address, int hop)
    {
        var message = new HttpRequestMessage(hop == 0 ? request.Method : HttpMethod.Get, address);
        if (hop == 0 && request.Form is { } form)
        {
            message.Content = new FormUrlEncodedContent(form);
        }

        message.Headers.TryAddWithoutValidation("User-Agent", settings.UserAgent);
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br");
        message.Headers.TryAddWithoutValidation("Accept", "text/html, application/xhtml+xml, text/markdown, text/plain;q=0.9, application/json;q=0.8, */*;q=0.5");
        foreach (var (name, value) in request.Headers)
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private async Task<FetchedBytes> ReadAsync(Uri address, HttpResponseMessage response, FetchRequest request, CancellationToken cancellationToken)
    {
        var headers = response.Content.Headers;
        await using var wire = new LimitedStream(await response.Content.ReadAsStreamAsync(cancellationToken), settings.MostWireBytes, "it is larger than {0} MiB on the wire");
        await using var plain = Decoded(wire, headers.ContentEncoding);
        var most = request.MostBytes ?? settings.MostDecodedBytes;
        using var memory = new MemoryStream();
        await using var limited = new LimitedStream(plain, most, "it unpacks to more than {0} MiB", cut: request.MostBytes is not null);
        try
        {
            await limited.CopyToAsync(memory, cancellationToken);
        }
        catch (InvalidDataException error)
        {
            throw new FetchRefusedException($"its compressed body is damaged: {error.Message}");
        }

        return new(address, response.StatusCode, memory.ToArray(), headers.ContentType?.MediaType, headers.ContentType?.CharSet?.Trim('"'),
            response.Headers.ETag?.ToString(), headers.LastModified?.ToString("R", System.Globalization.CultureInfo.InvariantCulture), RetryAfter(response.Headers.RetryAfter));
    }

    private static Stream Decoded(Stream wire, ICollection<string> encodings) => encodings.Count switch
    {
        0 => wire,
        1 when encodings.First().Equals("gzip", StringComparison.OrdinalIgnoreCase) => new GZipStream(wire, CompressionMode.Decompress),
        1 when encodings.First().Equals("br", StringComparison.OrdinalIgnoreCase) => new BrotliStream(wire, CompressionMode.Decompress),
        1 when encodings.First().Equals("identity", StringComparison.OrdinalIgnoreCase) => wire,
        _ => throw new FetchRefusedException($"its encoding {string.Join(", ", encodings)} was not asked for"),
    };

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header?.Delta ?? (header?.Date is { } date && date > time.GetUtcNow() ? date - time.GetUtcNow() : null);

    /// <summary>Ends with an error (or, where asked, quietly) after a number of bytes.</summary>
    private sealed class LimitedStream(Stream inner, long most, string reason, bool cut = false) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Count(await inner.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Count(int read)
        {
            var before = _read;
            _read += read;
            if (_read <= most)
            {
                return read;
            }

            return cut ? (int)Math.Max(0, most - before) : throw new FetchRefusedException(string.Format(System.Globalization.CultureInfo.InvariantCulture, reason, most / 1024 / 1024));
        }
    }
}
