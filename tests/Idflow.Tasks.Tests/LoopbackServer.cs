using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Idflow.Tasks.Tests;

/// <summary>A request as the server saw it.</summary>
internal sealed record SeenRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>What the server sends: status, headers, and the body in parts; after the parts it can cut the connection.</summary>
internal sealed record Reply(int Status, string ContentType, IReadOnlyList<byte[]> Parts)
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public bool Cut { get; init; }

    /// <summary>Waited for between the parts.</summary>
    public Task? Pause { get; init; }

    public static Reply Text(string body, string contentType = "text/html; charset=utf-8", int status = 200) => new(status, contentType, [Encoding.UTF8.GetBytes(body)]);

    public static Reply Json(string body, int status = 200) => Text(body, "application/json", status);

    public static Reply Stream(params string[] events) => new(200, "text/event-stream", [.. events.Select(data => Encoding.UTF8.GetBytes($"data: {data}\n\n"))]);
}

/// <summary>A small HTTP/1.1 server on a free loopback port, for the real network path.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<SeenRequest, Reply> _answer;
    private readonly Task _loop;

    public LoopbackServer(Func<SeenRequest, Reply> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}";

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        try
        {
            await using var stream = client.GetStream();
            var request = await ReadAsync(stream);
            Seen.Enqueue(request);
            var reply = _answer(request);
            var head = new StringBuilder($"HTTP/1.1 {reply.Status} Reply\r\nContent-Type: {reply.ContentType}\r\nConnection: close\r\n");
            foreach (var (name, value) in reply.Headers)
            {
                head.Append(name).Append(": ").Append(value).Append("\r\n");
            }

            if (!reply.Cut && reply.Parts.Count == 1)
            {
                head.Append("Content-Length: ").Append(reply.Parts[0].Length).Append("\r\n");
            }
            else
            {
                head.Append("Transfer-Encoding: chunked\r\n");
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
            await SendBodyAsync(stream, reply);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // The client went away.
        }
    }

    private static async Task SendBodyAsync(NetworkStream stream, Reply reply)
    {
        var chunked = reply.Cut || reply.Parts.Count != 1;
        foreach (var part in reply.Parts)
        {
            if (chunked)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"{part.Length:x}\r\n"));
            }

            await stream.WriteAsync(part);
            if (chunked)
            {
                await stream.WriteAsync("\r\n"u8.ToArray());
            }

            await stream.FlushAsync();
            if (reply.Pause is { } pause)
            {
                await pause;
            }
        }

        if (chunked && !reply.Cut)
        {
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        }
    }

    private static async Task<SeenRequest> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var buffer = new byte[8192];
        int end;
        while ((end = Find(bytes)) < 0)
        {
            var read = await stream.ReadAsync(buffer);
            bytes.AddRange(read > 0 ? buffer.AsSpan(0, read).ToArray() : throw new IOException("closed"));
        }

        var lines = Encoding.ASCII.GetString([.. bytes[..end]]).Split("\r\n");
        var headers = lines.Skip(1).Where(line => line.Contains(':', StringComparison.Ordinal)).ToDictionary(line => line[..line.IndexOf(':', StringComparison.Ordinal)], line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = bytes[(end + 4)..];
        var length = headers.TryGetValue("Content-Length", out var text) ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;
        while (body.Count < length)
        {
            var read = await stream.ReadAsync(buffer);
            body.AddRange(read > 0 ? buffer.AsSpan(0, read).ToArray() : throw new IOException("closed"));
        }

        var first = lines[0].Split(' ');
        return new(first[0], first[1], headers, Encoding.UTF8.GetString([.. body]));
    }

    private static int Find(List<byte> bytes)
    {
        for (var index = 0; index + 3 < bytes.Count; index++)
        {
            if (bytes[index] == '\r' && bytes[index + 1] == '\n' && bytes[index + 2] == '\r' && bytes[index + 3] == '\n')
            {
                return index;
            }
        }

        return -1;
    }
}
