using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Idflow.Conductor.Tests.Rest;

/// <summary>Reads a request and closes the connection without an answer, a given number of times; after that it answers a task.</summary>
public sealed class BreakingServer : IAsyncDisposable
{
    private static readonly byte[] Answer = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{\"taskId\":\"t\"}");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private Task _serving = Task.CompletedTask;

    public int Connections { get; private set; }

    public string Url => $"http://{_listener.LocalEndpoint}";

    public static Task<BreakingServer> StartAsync(int breaks)
    {
        var server = new BreakingServer();
        server._listener.Start();
        server._serving = server.ServeAsync(breaks);
        return Task.FromResult(server);
    }

    private async Task ServeAsync(int breaks)
    {
        try
        {
            while (true)
            {
                using var connection = await _listener.AcceptTcpClientAsync();
                Connections++;
                var stream = connection.GetStream();
                var buffer = new byte[4096];
                _ = await stream.ReadAsync(buffer);
                if (Connections > breaks)
                {
                    await stream.WriteAsync(Answer);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            // The test is over.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
    }
}
