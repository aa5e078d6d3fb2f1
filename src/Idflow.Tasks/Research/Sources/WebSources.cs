using Idflow.Tasks.Retrieval;
using Idflow.Tasks.Search;
using Idflow.Tasks.Web;
using Idflow.Workers;

namespace Idflow.Tasks.Research.Sources;

/// <summary>What a web research looks for.</summary>
internal sealed record WebOrder(IReadOnlyList<string> Queries, int MaxResults, IReadOnlyList<string>? Providers, IReadOnlyList<string>? IncludeDomains, IReadOnlyList<string>? ExcludeDomains, string? TimeRange, string DocId);

/// <summary>Pages of the web: found by searches, or given by their addresses.</summary>
internal sealed class WebSources(Func<bool, WebServices> services)
{
    /// <summary>Searches all queries, merges the results with one vote per domain, and reads pages within the budget.</summary>
    public async Task<SourceSet> SearchAsync(WebOrder order, ResearchRun run, ResearchSettings settings, CancellationToken cancellationToken)
    {
        List<IReadOnlyList<SearchResult>> lists = [];
        List<TaskFailedException> failures = [];
        foreach (var query in order.Queries.TakeWhile(_ => !run.OutOfTime()))
        {
            try
            {
                var answer = await services(settings.Offline).Search.SearchAsync(new(query, order.MaxResults, "wt-wt", order.TimeRange, "moderate", order.DocId), order.Providers, merge: false, refresh: false, cancellationToken);
                run.Requests += answer.Cached ? 0 : answer.Pages;
                lists.Add(answer.Results);
                run.Step("search", $"{query}: {answer.Results.Count} results from {string.Join(", ", answer.Tried.Select(tried => tried.Provider))}");
            }
            catch (TaskFailedException error)
            {
                failures.Add(error);
            }
        }

        if (lists.Count == 0)
        {
            throw failures.Count > 0 ? failures[0] : TaskFailedException.Transient("The time was up before any search was made; raise 'budget.seconds'.");
        }

        failures.ForEach(failure => run.Warn(failure.Message));
        var byUrl = lists.SelectMany(list => list).GroupBy(result => CanonicalUrl.Of(result.Url), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var ranked = RankFusion.Fuse(lists.Select(list => (list.Select(result => CanonicalUrl.Of(result.Url)).Distinct(StringComparer.Ordinal), 1.0))).Select(entry => byUrl[entry.Item]).Where(result => Wanted(result, order));
        var voted = ranked.GroupBy(result => result.Domain, StringComparer.Ordinal).SelectMany(group => group.Select((result, round) => (result, round))).OrderBy(item => item.round).Select(item => item.result).ToList();
        return await ReadAsync([.. voted.Select(result => result.Url)], settings, "the web", run, cancellationToken);
    }

    /// <summary>Reads given addresses.</summary>
    public async Task<SourceSet> ReadAsync(IReadOnlyList<string> addresses, ResearchSettings settings, string description, ResearchRun run, CancellationToken cancellationToken)
    {
        var (pages, skipped) = await services(settings.Offline).Crawl.ReadAsync(addresses, settings.Budget.Pages, refresh: false, cancellationToken);
        run.Pages += pages.Count;
        run.Requests += pages.Count(page => !page.Cached);
        run.OutOfPages();
        if (pages.Count == 0 && addresses.Count > 0)
        {
            throw new TaskFailedException($"None of {addresses.Count} pages could be read: {string.Join("; ", skipped.Take(10).Select(page => $"{page.Url} ({page.Reason})"))}", skipped.Any(page => page.Retryable));
        }

        return new(
            [.. pages.Select(page => new SourceText(page.Title, page.FinalUrl, CanonicalUrl.DomainOf(page.FinalUrl), page.Text, SourceTitle.Header(page.Title, page.Author ?? "", page.Published ?? ""), page.Published, page.FetchedAt))],
            [.. skipped.Select(page => new SkippedSource(page.Url, page.Reason))], description);
    }

    private static bool Wanted(SearchResult result, WebOrder order) =>
        (order.IncludeDomains is not { Count: > 0 } included || included.Any(domain => Belongs(result.Domain, domain))) && order.ExcludeDomains?.Any(domain => Belongs(result.Domain, domain)) != true;

    private static bool Belongs(string host, string domain) => host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);
}
