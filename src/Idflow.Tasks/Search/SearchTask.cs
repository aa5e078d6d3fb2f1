using System.Globalization;
using Idflow.Workers;

namespace Idflow.Tasks.Search;

/// <summary>The built-in tasks <c>duckduckgo_search</c>, <c>playwright_crawl</c> and <c>duckduckgo_serp</c>.</summary>
internal sealed class SearchTask(Func<bool, WebServices> services, TimeProvider time)
{
    private const int LongestQuery = 499;

    /// <summary>Searches the web (or the project's documents) and gives titles, addresses and snippets.</summary>
    [WorkerTask("duckduckgo_search", Concurrency = 2, RetryDelaySeconds = 10, TimeoutSeconds = 600)]
    public async Task<SearchOutput> SearchAsync([TaskInput(Whole = true)] SearchInput input, TaskContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        List<string> warnings = [];
        var query = Query(input, warnings);
        var strategy = Choice("strategy", input.Strategy ?? "first_success", ["first_success", "merge"]);
        var answer = await services(input.Offline == true).Search.SearchAsync(query, input.Providers, strategy == "merge", input.Refresh == true, context.CancellationToken);
        var results = Filter(answer.Results, input);
        context.Log(string.Create(CultureInfo.InvariantCulture, $"duckduckgo_search: {results.Count} results, {answer.Status}, {string.Join(", ", answer.Tried.Select(tried => tried.Provider))}"));
        return new()
        {
            Query = query.Text,
            DocId = query.DocId,
            Method = "duckduckgo_search",
            Results = results,
            TotalResults = results.Count,
            Timestamp = Now(),
            Status = results.Count == 0 && answer.Status == "ok" ? "none" : answer.Status,
            ProvidersTried = answer.Tried,
            Pages = answer.Pages,
            Cached = answer.Cached,
            CacheAgeSeconds = answer.Cached ? (long)answer.Age.TotalSeconds : null,
            Warnings = [.. warnings, .. answer.Warnings],
        };
    }

    /// <summary>Reads the pages that a search found, politely and within limits, and gives their main text as Markdown.</summary>
    [WorkerTask("playwright_crawl", Concurrency = 2, RetryDelaySeconds = 10, TimeoutSeconds = 600)]
    public async Task<CrawlOutput> CrawlAsync([TaskInput(Whole = true)] CrawlInput input, TaskContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        var docId = Required("docId", input.DocId);
        Choice("render", input.Render ?? "auto", ["auto", "never"]);
        var most = InRange("max_pages", input.MaxPages ?? 5, 1, 50);
        var addresses = CrawlService.Addresses(input.SearchResults);
        if (addresses.Count == 0 && input.SearchResults is null)
        {
            throw TaskFailedException.Terminal("Input 'search_results' is missing; give the output of a search or a list of addresses.");
        }

        var (pages, skipped) = await services(input.Offline == true).Crawl.ReadAsync(addresses, most, input.Refresh == true, context.CancellationToken);
        if (pages.Count == 0 && skipped.Count > 0)
        {
            throw new TaskFailedException($"No page could be read: {string.Join("; ", skipped.Take(10).Select(page => $"{page.Url} ({page.Reason})"))}", skipped.Any(page => page.Retryable));
        }

        context.Log(string.Create(CultureInfo.InvariantCulture, $"playwright_crawl: {pages.Count} pages read, {skipped.Count} skipped"));
        return new()
        {
            DocId = docId,
            Method = "http",
            PagesCrawled = pages.Count,
            Content = [.. pages.Select(CrawlService.Describe)],
            Summary = string.Create(CultureInfo.InvariantCulture, $"{pages.Count} of {addresses.Count} pages read"),
            Timestamp = Now(),
            Skipped = [.. skipped.Select(page => new SkippedPage(page.Url, page.Reason))],
        };
    }

    /// <summary>Searches and reads the pages found, in one task.</summary>
    [WorkerTask("duckduckgo_serp", Concurrency = 2, RetryDelaySeconds = 10, TimeoutSeconds = 900)]
    public async Task<SerpOutput> SerpAsync([TaskInput(Whole = true)] SearchInput input, TaskContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        var most = InRange("max_pages", input.MaxPages ?? 5, 0, 50);
        var found = await SearchAsync(input, context);
        var addresses = found.Results.Where(result => result.Provider != "local").Select(result => result.Url).ToList();
        var (pages, skipped) = await services(input.Offline == true).Crawl.ReadAsync(addresses, most, input.Refresh == true, context.CancellationToken);
        return new()
        {
            Query = found.Query,
            DocId = found.DocId,
            Method = "duckduckgo_serp",
            Results = found.Results,
            TotalResults = found.TotalResults,
            Content = [.. pages.Select(CrawlService.Describe)],
            Skipped = [.. skipped.Select(page => new SkippedPage(page.Url, page.Reason))],
            Status = found.Status == "ok" && skipped.Count > 0 && pages.Count < most ? "partial" : found.Status,
            ProvidersTried = found.ProvidersTried,
            Timestamp = found.Timestamp,
            Cached = found.Cached,
            Warnings = found.Warnings,
        };
    }

    private static SearchQuery Query(SearchInput input, List<string> warnings)
    {
        var text = Research.ReportFormat.OneLine(Required("query", input.Query));
        if (text.Length > LongestQuery)
        {
            var cut = text.LastIndexOf(' ', LongestQuery);
            text = text[..(cut > 0 ? cut : LongestQuery)];
            warnings.Add($"The query was cut to {text.Length} characters at a word end.");
        }

        var limit = input.Timelimit is { Length: > 0 } given ? Choice("timelimit", given, ["d", "w", "m", "y"]) : null;
        var region = input.Region is { Length: > 0 } named ? named.ToLowerInvariant() : "wt-wt";
        if (region.Length is < 4 or > 6 || !region.Contains('-', StringComparison.Ordinal) || !region.All(character => char.IsAsciiLetterLower(character) || character == '-'))
        {
            throw TaskFailedException.Terminal($"Input 'region' is {input.Region}; it must be country-language such as us-en or de-de, or wt-wt for none.");
        }

        return new(text, InRange("max_results", input.MaxResults ?? 10, 1, 100), region, limit, Choice("safesearch", input.Safesearch ?? "moderate", ["off", "moderate", "strict"]), Required("docId", input.DocId));
    }

    private static List<SearchResult> Filter(IReadOnlyList<SearchResult> results, SearchInput input) => [.. results
        .Where(result => input.IncludeDomains is not { Count: > 0 } included || included.Any(domain => Belongs(result.Domain, domain)))
        .Where(result => input.ExcludeDomains?.Any(domain => Belongs(result.Domain, domain)) != true)
        .Select((result, index) => result with { Rank = index + 1 })];

    private static bool Belongs(string host, string domain) => host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);

    private string Now() => time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Required(string key, string? value) => string.IsNullOrWhiteSpace(value) ? throw TaskFailedException.Terminal($"Input '{key}' is missing; it must be text.") : value.Trim();

    private static string Choice(string key, string value, string[] allowed) => allowed.Contains(value.ToLowerInvariant())
        ? value.ToLowerInvariant()
        : throw TaskFailedException.Terminal($"Input '{key}' is {value}; it must be one of {string.Join(", ", allowed)}.");

    private static int InRange(string key, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw TaskFailedException.Terminal($"Input '{key}' is {value}; it must be from {least} to {most}.");
}
