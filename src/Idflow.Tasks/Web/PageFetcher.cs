using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Idflow.Tasks.Common;
using Idflow.Tasks.Text;

namespace Idflow.Tasks.Web;

/// <summary>A page as it is kept: its main text and what it says about itself.</summary>
internal sealed record WebPage(string Url, string FinalUrl, string Title, string Text, string? Language, string? Author, string? Published, DateTimeOffset FetchedAt, bool Cached);

/// <summary>A page, or why there is none and whether trying again can help.</summary>
internal sealed record PageOutcome(WebPage? Page, string? Reason, bool Retryable);

/// <summary>
/// Fetches pages as a polite visitor: robots.txt, one request per host at a time with a pause, a few hosts in parallel, kept for
/// seven days and then asked for by their validators.
/// </summary>
internal sealed class PageFetcher(HttpFetcher http, CrawlSettings settings, AnswerStore store, bool offline, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan PageLife = TimeSpan.FromDays(7), RobotsLife = TimeSpan.FromHours(24), LongestDelay = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, HostState> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _parallel = new(settings.ParallelHosts);

    public async Task<PageOutcome> FetchAsync(string url, bool refresh, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            return new(null, "it is not an absolute address", false);
        }

        var key = AnswerStore.KeyOf("page", "1", address.AbsoluteUri);
        var kept = store.Find(key);
        if (kept is not null && !refresh && (offline || time.GetUtcNow() - kept.At < PageLife))
        {
            return new(Read(url, kept, cached: true), null, false);
        }

        if (SafeHttp.Refusal(address, settings) is { } refusal)
        {
            return new(null, refusal, false);
        }

        if (offline)
        {
            return new(null, "the project is offline and the page is not kept", false);
        }

        try
        {
            return await FetchFreshAsync(url, address, key, kept, cancellationToken);
        }
        catch (FetchRefusedException error)
        {
            return new(null, error.Message, false);
        }
        catch (Exception error) when (error is HttpRequestException or TimeoutException or IOException)
        {
            return new(null, error.Message, true);
        }
    }

    /// <summary>What robots.txt of the host says; cached a day. An unreachable one refuses, a missing one allows.</summary>
    public async Task<RobotsTxt> RobotsAsync(Uri address, CancellationToken cancellationToken)
    {
        var root = address.GetLeftPart(UriPartial.Authority);
        var key = AnswerStore.KeyOf("robots", "1", root);
        if (store.Find(key, RobotsLife) is { } kept)
        {
            return Parse((int?)kept.Value["status"] ?? 0, (string?)kept.Value["text"] ?? "");
        }

        int status;
        var text = "";
        try
        {
            var answer = await http.SendAsync(new(new Uri(root + "/robots.txt")) { MostBytes = RobotsTxt.MostBytes }, cancellationToken);
            status = (int)answer.Status;
            text = TextExtractor.Decode(answer.Body);
        }
        catch (Exception error) when (error is HttpRequestException or TimeoutException or IOException)
        {
            return RobotsTxt.RefuseAll;
        }

        store.Keep(key, new() { ["status"] = status, ["text"] = text });
        return Parse(status, text);
    }

    public void Dispose()
    {
        _parallel.Dispose();
        foreach (var host in _hosts.Values)
        {
            host.Gate.Dispose();
        }
    }

    private RobotsTxt Parse(int status, string text) => status switch
    {
        >= 200 and < 300 => RobotsTxt.Parse(text, settings.UserAgent.Split('/', ' ')[0]),
        >= 400 and < 500 => RobotsTxt.AllowAll,
        _ => RobotsTxt.RefuseAll,
    };

    private async Task<PageOutcome> FetchFreshAsync(string url, Uri address, string key, Stored? kept, CancellationToken cancellationToken)
    {
        var host = _hosts.GetOrAdd(address.Authority, _ => new());
        await host.Gate.WaitAsync(cancellationToken);
        await _parallel.WaitAsync(cancellationToken);
        try
        {
            if (await RobotsReasonAsync(address, cancellationToken) is { } reason)
            {
                return new(null, reason, false);
            }

            var delay = settings.Delay;
            if (settings.RespectRobots && (await RobotsAsync(address, cancellationToken)).CrawlDelay is { } wanted && wanted > delay)
            {
                delay = wanted > LongestDelay ? LongestDelay : wanted;
            }

            var wait = host.Next - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            host.Next = time.GetUtcNow() + delay;
            var answer = await http.SendAsync(new(address) { Headers = Validators(kept) }, cancellationToken, target => RobotsReasonAsync(target, cancellationToken));
            return Keep(url, key, kept, answer);
        }
        finally
        {
            _parallel.Release();
            host.Gate.Release();
        }
    }

    private async Task<string?> RobotsReasonAsync(Uri address, CancellationToken cancellationToken) =>
        !settings.RespectRobots || SafeHttp.Refusal(address, settings) is not null || (await RobotsAsync(address, cancellationToken)).Allows(address.PathAndQuery)
            ? null
            : "robots.txt does not allow it (crawl.respect_robots: false lets you decide otherwise)";

    private PageOutcome Keep(string url, string key, Stored? kept, FetchedBytes answer)
    {
        if (answer.Status == HttpStatusCode.NotModified && kept is not null)
        {
            store.Keep(key, kept.Value);
            return new(Read(url, kept with { At = time.GetUtcNow() }, cached: true), null, false);
        }

        if ((int)answer.Status is < 200 or >= 300)
        {
            return new(null, $"the server answered {(int)answer.Status}", (int)answer.Status is 408 or 425 or 429 or >= 500);
        }

        var html = answer.MediaType is "text/html" or "application/xhtml+xml" || (answer.MediaType is null && answer.Body.AsSpan(0, Math.Min(512, answer.Body.Length)).IndexOf("<html"u8) >= 0);
        var (text, page, reason) = html ? Html(answer) : Other(answer);
        if (string.IsNullOrWhiteSpace(text))
        {
            return new(null, reason ?? "the page holds no text", false);
        }

        var value = new JsonObject
        {
            ["final_url"] = answer.Address.AbsoluteUri,
            ["title"] = page?.Title ?? CanonicalUrl.DomainOf(answer.Address.AbsoluteUri),
            ["text"] = UntrustedText.Clean(text),
            ["language"] = page?.Language,
            ["author"] = page?.Author,
            ["published"] = page?.Published,
            ["etag"] = answer.ETag,
            ["modified"] = answer.LastModified,
        };
        store.Keep(key, value);
        return new(Read(url, new(value, time.GetUtcNow()), cached: false), null, false);
    }

    private static (string?, HtmlPage?, string?) Html(FetchedBytes answer)
    {
        var page = HtmlReader.Read(answer.Body, answer.Charset);
        return (page.Text, page, null);
    }

    private static (string?, HtmlPage?, string?) Other(FetchedBytes answer)
    {
        var (text, title, reason) = TextExtractor.Extract(answer.Address.AbsolutePath, answer.MediaType, answer.Body);
        return (text, title is null ? null : new("", title, null, null, null, null), reason);
    }

    private static List<(string, string)> Validators(Stored? kept)
    {
        List<(string, string)> headers = [];
        if ((string?)kept?.Value["etag"] is { } tag)
        {
            headers.Add(("If-None-Match", tag));
        }

        if ((string?)kept?.Value["modified"] is { } modified)
        {
            headers.Add(("If-Modified-Since", modified));
        }

        return headers;
    }

    private static WebPage Read(string url, Stored kept, bool cached) => new(
        url, (string?)kept.Value["final_url"] ?? url, (string?)kept.Value["title"] ?? url, (string?)kept.Value["text"] ?? "",
        (string?)kept.Value["language"], (string?)kept.Value["author"], (string?)kept.Value["published"], kept.At, cached);

    private sealed class HostState
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public DateTimeOffset Next { get; set; }
    }
}
