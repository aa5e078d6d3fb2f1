namespace Idflow.Tasks.Web;

/// <summary>How pages are fetched; the section <c>crawl</c> of the project's configuration.</summary>
public sealed record CrawlSettings
{
    /// <summary><c>user_agent</c>: says who asks, with an address for complaints.</summary>
    public string UserAgent { get; init; } = "idflow/0.1 (+https://github.com/idflow/idflow)";

    /// <summary><c>allow_hosts</c>: hosts (<c>name</c> or <c>name:port</c>) that may be reached although their address is private or their port unusual.</summary>
    public IReadOnlyList<string> AllowHosts { get; init; } = [];

    /// <summary><c>respect_robots</c>: false lets the owner of the project decide; default true.</summary>
    public bool RespectRobots { get; init; } = true;

    /// <summary><c>delay_s</c>: seconds between two requests to a host, more where its robots.txt wants it (up to 30).</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>parallel_hosts</c>: hosts asked at the same time.</summary>
    public int ParallelHosts { get; init; } = 8;

    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    public long MostWireBytes { get; init; } = 5 * 1024 * 1024;

    public long MostDecodedBytes { get; init; } = 20 * 1024 * 1024;
}
