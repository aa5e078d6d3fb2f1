namespace Idflow.Server;

/// <summary>Where the server listens and what it accepts.</summary>
public sealed record ServerOptions
{
    /// <summary>
    /// Addresses such as <c>http://127.0.0.1:8080</c>, several separated by <c>;</c>. <c>localhost</c> means both loopback addresses,
    /// <c>*</c> every interface; port 0 takes a free one (see <see cref="ConductorServer.Addresses"/>).
    /// </summary>
    public string Urls { get; init; } = "http://127.0.0.1:8080";

    /// <summary>Largest request body in bytes; a larger one is answered 413.</summary>
    public long MaxRequestBodyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Most bodies of more than 1 MiB that are read and answered at once; default 4. Others wait for their turn, unread.</summary>
    public int MaxLargeBodies { get; init; } = 4;

    /// <summary>Longest time that the reading of a body of more than 1 MiB may take, once it is its turn; default 1 minute. A slower one is answered 408.</summary>
    public TimeSpan LargeBodyTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Deepest nesting of lists and objects in a request; a deeper one is answered 400.</summary>
    public int MaxRequestDepth { get; init; } = 256;

    /// <summary>Most connections at once; default 10,000. One more is closed.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Most polls under way at once; default 5,000. One more is answered 429.</summary>
    public int MaxPolls { get; init; } = 5_000;

    /// <summary>Most polls of one address under way at once; default 2,000. One more is answered 429.</summary>
    public int MaxPollsPerClient { get; init; } = 2_000;

    /// <summary>Names of the secrets that workflows may use; their values are never shown.</summary>
    public IReadOnlyCollection<string> SecretNames { get; init; } = [];

    /// <summary>The values of <c>${workflow.env.NAME}</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How long a stop waits for requests under way.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
