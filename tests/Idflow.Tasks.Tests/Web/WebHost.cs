using Idflow.Tasks.Common;
using Idflow.Tasks.Search;
using Idflow.Tasks.Web;

namespace Idflow.Tasks.Tests.Web;

/// <summary>The web services over a loopback server, with no pauses.</summary>
internal sealed class WebHost : IDisposable
{
    private readonly HttpMessageInvoker _http;

    public WebHost(LoopbackServer server, bool offline = false, CrawlSettings? crawl = null, Func<SearchSettings, SearchSettings>? search = null, TimeProvider? time = null, TemporaryFolder? cache = null)
    {
        time ??= TimeProvider.System;
        Cache = cache ?? Own;
        var settings = (crawl ?? new()) with { AllowHosts = [$"127.0.0.1:{server.Port}"], Delay = TimeSpan.Zero };
        var options = new SearchSettings { DuckDuckGoHtmlUrl = server.Url + "/html/", DuckDuckGoLiteUrl = server.Url + "/lite/", DuckDuckGoSpacing = TimeSpan.Zero, DuckDuckGoPerTenMinutes = 100 };
        options = search?.Invoke(options) ?? options;
        _http = new(SafeHttp.CreateHandler(settings));
        Http = new(_http, settings, offline, time);
        Pages = new(Http, settings, new AnswerStore(Path.Combine(Cache.Path, "pages"), time), offline, time);
        var gates = new RateGate(Path.Combine(Cache.Path, "gates"), time);
        var duck = new DuckDuckGoProvider(Http, Pages, gates, new Cooldown(gates, time), options, Cache.Path, time);
        var recorded = new RecordedProvider(new AnswerStore(Path.Combine(Cache.Path, "recorded"), time));
        var searxng = new SearxngProvider(Http, server.Url + "/searx");
        var providers = new ISearchProvider[] { duck, recorded, searxng }.ToDictionary(provider => provider.Name);
        Services = new(new(providers, ["duckduckgo"], new AnswerStore(Path.Combine(Cache.Path, "search"), time), offline, time), new(Pages));
    }

    private TemporaryFolder Own { get; } = new();

    public TemporaryFolder Cache { get; }

    public HttpFetcher Http { get; }

    public PageFetcher Pages { get; }

    public WebServices Services { get; }

    public void Dispose()
    {
        Pages.Dispose();
        _http.Dispose();
        Own.Dispose();
    }
}
