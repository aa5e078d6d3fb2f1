using System.Collections.Concurrent;
using System.Net;
using Idflow.Conductor;

namespace Idflow.Server.Http;

/// <summary>How many polls may be under way at once: in all, and of one address.</summary>
internal sealed class PollGate(ServerOptions options)
{
    private readonly ConcurrentDictionary<IPAddress, int> _byClient = new();
    private int _all;

    /// <summary>A place until it is disposed of.</summary>
    /// <exception cref="ConductorException">429: there is none.</exception>
    public IDisposable Enter(IPAddress? client)
    {
        var address = client ?? IPAddress.None;
        if (Interlocked.Increment(ref _all) > options.MaxPolls)
        {
            Interlocked.Decrement(ref _all);
            throw Refused($"{options.MaxPolls} polls are under way");
        }

        if (_byClient.AddOrUpdate(address, 1, static (_, count) => count + 1) > options.MaxPollsPerClient)
        {
            Leave(address);
            throw Refused($"{options.MaxPollsPerClient} polls of {address} are under way");
        }

        return new Place(this, address);
    }

    private void Leave(IPAddress address)
    {
        Interlocked.Decrement(ref _all);
        if (_byClient.AddOrUpdate(address, 0, static (_, count) => count - 1) <= 0)
        {
            _byClient.TryRemove(KeyValuePair.Create(address, 0));
        }
    }

    private static ConductorException Refused(string why) => new(429, $"{why}, which is the limit; poll for several tasks at once, or later", retryable: true);

    private sealed class Place(PollGate gate, IPAddress address) : IDisposable
    {
        public void Dispose() => gate.Leave(address);
    }
}
