using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Idflow.Server.Http;

/// <summary>One address to listen on.</summary>
internal sealed class ListenAddress
{
    private readonly string _host;
    private readonly int _port;

    private ListenAddress(string host, int port)
    {
        _host = host;
        _port = port;
    }

    public static IReadOnlyList<ListenAddress> ParseAll(string urls)
    {
        var parts = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length > 0 ? parts.Select(Parse).ToList() : throw new FormatException("No address to listen on; give one such as http://127.0.0.1:8080.");
    }

    private static ListenAddress Parse(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException exception)
        {
            throw new FormatException($"'{url}' is not an address to listen on; write it as http://127.0.0.1:8080.", exception);
        }

        if (address.Port is < 0 or > IPEndPoint.MaxPort)
        {
            throw new FormatException($"'{url}': there is no port {address.Port}; ports are 0 (a free one) to {IPEndPoint.MaxPort}.");
        }

        if (address.Scheme != "http" || address.PathBase.Length > 0)
        {
            throw new FormatException($"'{url}': only plain http addresses without a path can be listened on, such as http://127.0.0.1:8080.");
        }

        return new ListenAddress(address.Host, address.Port);
    }

    public void Listen(KestrelServerOptions kestrel)
    {
        if (_host is "localhost")
        {
            kestrel.ListenLocalhost(_port == 0 ? FreePort() : _port);
        }
        else if (IPAddress.TryParse(_host.Trim('[', ']'), out var address))
        {
            kestrel.Listen(address, _port);
        }
        else if (_host is "*" or "+")
        {
            kestrel.ListenAnyIP(_port);
        }
        else
        {
            throw new FormatException($"'{_host}' is not an address of this machine; use 127.0.0.1, localhost, * or an IP address.");
        }
    }

    /// <summary>Both loopback addresses need the same port, so one is looked for first.</summary>
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
