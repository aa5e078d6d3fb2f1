using System.Net;
using System.Net.Sockets;

namespace Idflow.Tasks.Web;

/// <summary>A request was not made, or its answer not taken, for a reason that trying again does not change.</summary>
internal sealed class FetchRefusedException(string message) : Exception(message);

/// <summary>Makes the connections of all fetches: the resolved address is checked at the moment of connecting, so that a name cannot change its address in between.</summary>
internal static class SafeHttp
{
    public const int MostRedirects = 5;

    public static SocketsHttpHandler CreateHandler(CrawlSettings settings) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = settings.FirstByteTimeout,
        MaxResponseHeadersLength = 64,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, settings, cancellationToken),
    };

    /// <summary>Why an address cannot be fetched, judged by its text alone; null when it can be tried.</summary>
    public static string? Refusal(Uri address, CrawlSettings settings)
    {
        if (address.Scheme is not ("http" or "https"))
        {
            return $"only http and https are fetched, not {address.Scheme}";
        }

        if (address.UserInfo.Length > 0)
        {
            return "addresses with a user name are not fetched";
        }

        if (IsAllowed(address.IdnHost, address.Port, settings))
        {
            return null;
        }

        if (!address.IsDefaultPort)
        {
            return $"only the ports 80 and 443 are used, not {address.Port}; list {address.IdnHost}:{address.Port} under crawl.allow_hosts to open it";
        }

        return IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var number) && !AddressPolicy.IsPublic(number) ? PrivateReason(address.IdnHost) : null;
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CrawlSettings settings, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        var usable = IsAllowed(target.Host, target.Port, settings) ? addresses : [.. addresses.Where(AddressPolicy.IsPublic)];
        if (usable.Length == 0)
        {
            throw new FetchRefusedException(PrivateReason(target.Host));
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(usable, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsAllowed(string host, int port, CrawlSettings settings) => settings.AllowHosts.Any(allowed =>
        allowed.Equals(host, StringComparison.OrdinalIgnoreCase) || allowed.Equals($"{host}:{port}", StringComparison.OrdinalIgnoreCase));

    private static string PrivateReason(string host) => $"{host} is not a public address; list it under crawl.allow_hosts to open it";
}
