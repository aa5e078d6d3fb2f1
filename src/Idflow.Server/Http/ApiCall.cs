using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Idflow.Conductor;
using Idflow.Conductor.Json;
using Microsoft.AspNetCore.Http;

namespace Idflow.Server.Http;

/// <summary>One request: its path values, query values and body, each read with an error that names it.</summary>
internal sealed class ApiCall(HttpContext context, ServerOptions options, BodyGate bodies)
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private ReadOnlyMemory<byte>? _bytes;

    public HttpContext Context => context;

    /// <summary>Fires when the client is gone.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>A path value; the router leaves encoded slashes in it.</summary>
    public string Path(string name) =>
        ((string)context.Request.RouteValues[name]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    public int PathInt(string name) => ParseInt(name, Path(name));

    public T PathEnum<T>(string name)
        where T : struct, Enum => ParseEnum<T>(name, Path(name));

    /// <summary>A query value; null when it is missing or empty.</summary>
    public string? Query(string name) => context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    public string RequiredQuery(string name) =>
        Query(name) ?? throw ConductorException.BadRequest($"Required request parameter '{name}' is not present");

    /// <summary>Every value of a repeated parameter; a single one may be a comma list.</summary>
    public IReadOnlyList<string> QueryList(string name) =>
        context.Request.Query[name].OfType<string>().SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();

    public int QueryInt(string name, int whenAbsent) => Query(name) is { } text ? ParseInt(name, text) : whenAbsent;

    public int? QueryInt(string name) => Query(name) is { } text ? ParseInt(name, text) : null;

    public long? QueryLong(string name) => Query(name) is not { } text
        ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Refused(name, text, "a whole number");

    /// <summary>true or false in any case (some SDKs write True).</summary>
    public bool QueryFlag(string name, bool whenAbsent) => Query(name) is not { } text
        ? whenAbsent
        : bool.TryParse(text, out var flag) ? flag : throw Refused(name, text, "true or false");

    public T QueryEnum<T>(string name, T whenAbsent)
        where T : struct, Enum => Query(name) is { } text ? ParseEnum<T>(name, text) : whenAbsent;

    /// <summary>The body as JSON, whatever its content type says.</summary>
    /// <exception cref="ConductorException">400: no body, or not JSON of that shape.</exception>
    public async Task<T> BodyAsync<T>()
        where T : class =>
        await OptionalBodyAsync<T>() ?? throw ConductorException.BadRequest("Required request body is missing");

    /// <summary>As <see cref="BodyAsync{T}"/>; null when there is no body, or it is null.</summary>
    public async Task<T?> OptionalBodyAsync<T>()
        where T : class
    {
        var bytes = await BytesAsync();
        var start = bytes.Span.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        var json = bytes[start..];
        if (json.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return null;
        }

        try
        {
            return ConductorJson.Deserialize<T>(json.Span, options.MaxRequestDepth);
        }
        catch (JsonException exception)
        {
            throw ConductorException.BadRequest(JsonErrorText.Of(exception));
        }
    }

    /// <summary>Whether the body starts like a list.</summary>
    public async Task<bool> BodyIsListAsync() => (await BytesAsync()).Span.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];

    /// <summary>The body as raw text.</summary>
    public async Task<string> TextAsync() => Encoding.UTF8.GetString((await BytesAsync()).Span);

    private async Task<ReadOnlyMemory<byte>> BytesAsync()
    {
        if (_bytes is { } read)
        {
            return read;
        }

        // One that is too large is refused by its first read.
        var length = context.Request.ContentLength is { } told && told <= options.MaxRequestBodyBytes ? told : 0;
        using var time = CancellationTokenSource.CreateLinkedTokenSource(Aborted);
        var isLarge = false;
        if (length > BodyGate.Small)
        {
            await EnterAsync(time);
            isLarge = true;
        }
        using var buffer = new MemoryStream((int)length);
        var chunk = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            int count;
            while ((count = await context.Request.Body.ReadAsync(chunk, time.Token)) > 0)
            {
                if (!isLarge && buffer.Length + count > BodyGate.Small)
                {
                    await EnterAsync(time);
                    isLarge = true;
                }
                buffer.Write(chunk, 0, count);
            }
        }
        catch (OperationCanceledException) when (!Aborted.IsCancellationRequested)
        {
            throw new ConductorException(408, $"The request body did not come within {options.LargeBodyTime.TotalSeconds:0} seconds");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
        _bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        return _bytes.Value;
    }

    /// <summary>Waits for a place among the large bodies, until the answer is out; from then on the time of this one runs.</summary>
    private async Task EnterAsync(CancellationTokenSource time)
    {
        context.Response.RegisterForDispose(await bodies.EnterAsync(Aborted));
        time.CancelAfter(options.LargeBodyTime);
    }

    private static int ParseInt(string name, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Refused(name, text, "a whole number");

    private static T ParseEnum<T>(string name, string text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0])
            ? value
            : throw Refused(name, text, "one of " + string.Join(", ", Enum.GetNames<T>()));

    private static ConductorException Refused(string name, string text, string wanted) =>
        ConductorException.BadRequest($"Parameter '{name}': expected {wanted}, found '{text}'");
}
