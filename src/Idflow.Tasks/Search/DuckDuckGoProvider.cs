using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Idflow.Tasks.Common;
using Idflow.Tasks.Web;

namespace Idflow.Tasks.Search;

/// <summary>
/// DuckDuckGo's page for browsers without scripts. An honest user agent, a low rate shared by all processes, the site's robots.txt
/// respected unless the owner of the project decides otherwise; a challenge is never solved.
/// </summary>
internal sealed class DuckDuckGoProvider(HttpFetcher http, PageFetcher pages, RateGate gate, Cooldown cooldown, SearchSettings settings, string cacheFolder, TimeProvider time) : ISearchProvider
{
    private const int MostPages = 10;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(45);
    private static readonly HashSet<int> Blocked = [202, 301, 400, 403, 418, 429];

    public string Name => "duckduckgo";

    public bool IsLocal => false;

    private Uri EndPoint => new(settings.DuckDuckGoLayout == "lite" ? settings.DuckDuckGoLiteUrl : settings.DuckDuckGoHtmlUrl);

    public async Task<FoundResults> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        await CheckMayAskAsync(cancellationToken);
        List<SearchResult> results = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        IReadOnlyList<KeyValuePair<string, string>>? form = FirstForm(query);
        var fetched = 0;
        while (form is not null && results.Count < query.MaxResults && fetched < MostPages)
        {
            SerpPage page;
            try
            {
                page = await PageAsync(form, cancellationToken);
            }
            catch (SearchException error) when (fetched > 0)
            {
                return new(results, fetched, error.Message, SafeSearchNote(query));
            }

            fetched++;
            foreach (var (title, url, snippet, date) in page.Results.Where(result => seen.Add(CanonicalUrl.Of(result.Url))))
            {
                results.Add(new(title, url, snippet, results.Count + 1, CanonicalUrl.DomainOf(url), Name, date));
            }

            form = page.Kind == SerpKind.Results ? page.Next : null;
        }

        await cooldown.AnsweredAsync(EndPoint.Host, cancellationToken);
        return new([.. results.Take(query.MaxResults)], fetched, null, SafeSearchNote(query));
    }

    private static IReadOnlyList<string> SafeSearchNote(SearchQuery query) => query.SafeSearch == "moderate" ? [] : [$"safesearch '{query.SafeSearch}' was not applied: this page of DuckDuckGo has no switch for it."];

    private static List<KeyValuePair<string, string>> FirstForm(SearchQuery query)
    {
        List<KeyValuePair<string, string>> form = [new("q", query.Text), new("b", "")];
        if (query.Region != "wt-wt")
        {
            form.Add(new("kl", query.Region));
        }

        if (query.TimeLimit is { } limit)
        {
            form.Add(new("df", limit));
        }

        return form;
    }

    private async Task CheckMayAskAsync(CancellationToken cancellationToken)
    {
        if (await cooldown.UntilAsync(EndPoint.Host, cancellationToken) is { } until)
        {
            throw Refused(until);
        }

        if (settings.IgnoreDuckDuckGoRobots)
        {
            return;
        }

        RobotsTxt robots;
        try
        {
            robots = await pages.RobotsAsync(EndPoint, cancellationToken);
        }
        catch (FetchRefusedException error)
        {
            throw new SearchException($"DuckDuckGo was not asked: {error.Message}.", retryable: false, innerException: error);
        }

        if (!robots.Allows(EndPoint.PathAndQuery))
        {
            throw new SearchException($"The robots.txt of {EndPoint.Host} asks machines not to use {EndPoint.AbsolutePath} (or could not be read), so no search was made. "
                + "Use another provider (search.providers: [searxng] or [local]), or decide as the owner of this project with search.duckduckgo.ignore_robots: true.", retryable: false);
        }
    }

    private async Task<SerpPage> PageAsync(IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken cancellationToken)
    {
        var limit = new RateLimit(settings.DuckDuckGoSpacing, settings.DuckDuckGoPerTenMinutes, TimeSpan.FromMinutes(10));
        if (await gate.WaitAsync("duckduckgo", limit, LongestWait, cancellationToken) is { } wait)
        {
            throw new SearchException(string.Create(CultureInfo.InvariantCulture, $"DuckDuckGo is asked at most {limit.Most} times in ten minutes (search.duckduckgo.per_10_minutes); the next request is free in {wait.TotalSeconds:0} s."), retryable: true, wait);
        }

        FetchedBytes answer;
        try
        {
            var region = form.FirstOrDefault(field => field.Key == "kl").Value;
            var time = form.FirstOrDefault(field => field.Key == "df").Value;
            answer = await http.SendAsync(new(EndPoint)
            {
                Method = HttpMethod.Post,
                Form = form,
                Headers = [("Referer", EndPoint.GetLeftPart(UriPartial.Authority) + "/"), ("Accept-Language", "en"), ("Cookie", string.Join("; ", new[] { region is { Length: > 0 } ? $"kl={region}" : "", time is { Length: > 0 } ? $"df={time}" : "" }.Where(cookie => cookie.Length > 0)))],
            }, cancellationToken);
        }
        catch (FetchRefusedException error)
        {
            throw new SearchException($"DuckDuckGo was not asked: {error.Message}.", retryable: false, innerException: error);
        }
        catch (Exception error) when (error is HttpRequestException or TimeoutException or IOException)
        {
            throw new SearchException($"DuckDuckGo cannot be reached: {error.Message}", retryable: true, innerException: error);
        }

        return await ReadAsync(answer, cancellationToken);
    }

    private async Task<SerpPage> ReadAsync(FetchedBytes answer, CancellationToken cancellationToken)
    {
        var html = TextExtractor.Decode(answer.Body);
        var page = DuckDuckGoPage.Parse(html);
        if (page.Kind == SerpKind.Challenge || Blocked.Contains((int)answer.Status))
        {
            throw Refused(await cooldown.RefusedAsync(EndPoint.Host, answer.RetryAfter, cancellationToken));
        }

        if (answer.Status != HttpStatusCode.OK)
        {
            throw new SearchException($"DuckDuckGo answered {(int)answer.Status}.", retryable: (int)answer.Status >= 500, answer.RetryAfter);
        }

        if (page.Kind != SerpKind.Unknown)
        {
            return page;
        }

        var file = Path.Combine(cacheFolder, "unknown-pages", Convert.ToHexStringLower(SHA256.HashData(answer.Body))[..16] + ".html");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, html, Encoding.UTF8, cancellationToken);
        throw new SearchException($"DuckDuckGo answered with a page of a layout that is not known; it is kept as {file}.", retryable: true);
    }

    private SearchException Refused(DateTimeOffset until) => new(
        string.Create(CultureInfo.InvariantCulture, $"DuckDuckGo refuses automated searches until about {until:yyyy-MM-dd HH:mm} UTC; configure another provider with search.providers (searxng, local)."),
        retryable: true, until - time.GetUtcNow());
}
