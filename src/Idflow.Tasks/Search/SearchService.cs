using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Tasks.Common;
using Idflow.Tasks.Retrieval;
using Idflow.Tasks.Web;
using Idflow.Workers;

namespace Idflow.Tasks.Search;

/// <summary>What a search over one or several providers gave.</summary>
internal sealed record SearchAnswer(IReadOnlyList<SearchResult> Results, string Status, IReadOnlyList<ProviderTry> Tried, int Pages, bool Cached, TimeSpan Age, IReadOnlyList<string> Warnings);

/// <summary>Asks providers in order, or all of them and merges; keeps answers for 24 hours.</summary>
internal sealed class SearchService(IReadOnlyDictionary<string, ISearchProvider> providers, IReadOnlyList<string> defaults, AnswerStore store, bool offline, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <exception cref="TaskFailedException">No provider answered.</exception>
    public async Task<SearchAnswer> SearchAsync(SearchQuery query, IReadOnlyList<string>? names, bool merge, bool refresh, CancellationToken cancellationToken)
    {
        var chosen = (names is { Count: > 0 } ? names : defaults).Select(Provider).ToList();
        List<ProviderTry> tried = [];
        List<SearchException> failures = [];
        List<(ISearchProvider Provider, FoundResults Found, TimeSpan? Age)> answers = [];
        foreach (var provider in chosen)
        {
            try
            {
                var (found, age) = await AskAsync(provider, query, refresh, cancellationToken);
                tried.Add(new(provider.Name, found.Partial is not null ? "partial" : found.Results.Count > 0 ? "ok" : "none", found.Results.Count));
                answers.Add((provider, found, age));
                if (!merge && found.Results.Count > 0)
                {
                    break;
                }
            }
            catch (SearchException error)
            {
                tried.Add(new(provider.Name, error.Message, 0));
                failures.Add(error);
            }
        }

        return answers.Count > 0 ? Merge(query, answers, tried) : throw Failure(failures);
    }

    private ISearchProvider Provider(string name) => providers.GetValueOrDefault(name.ToLowerInvariant())
        ?? throw TaskFailedException.Terminal($"Input 'providers': there is no search provider '{name}' here; known: {string.Join(", ", providers.Keys.Order(StringComparer.Ordinal))}. SearXNG needs search.searxng.url, recorded answers search.recorded.");

    private async Task<(FoundResults Found, TimeSpan? Age)> AskAsync(ISearchProvider provider, SearchQuery query, bool refresh, CancellationToken cancellationToken)
    {
        if (provider.IsLocal)
        {
            return (await provider.SearchAsync(query, cancellationToken), null);
        }

        var key = AnswerStore.KeyOf("search", "1", provider.Name, query.Text, query.MaxResults.ToString(System.Globalization.CultureInfo.InvariantCulture), query.Region, query.TimeLimit ?? "", query.SafeSearch);
        if (!refresh && store.Find(key, offline ? null : Life) is { } kept && kept.Value["found"].Deserialize<FoundResults>() is { } found)
        {
            return (found, time.GetUtcNow() - kept.At);
        }

        if (offline)
        {
            throw new SearchException($"{provider.Name} was not asked: the project is offline. Lacking: the results for \"{query.Text}\", which are not kept. Use the provider local, or set offline: false.", retryable: false);
        }

        var fresh = await provider.SearchAsync(query, cancellationToken);
        if (fresh.Partial is null)
        {
            store.Keep(key, new() { ["found"] = JsonSerializer.SerializeToNode(fresh) });
        }

        return (fresh, null);
    }

    private static SearchAnswer Merge(SearchQuery query, List<(ISearchProvider Provider, FoundResults Found, TimeSpan? Age)> answers, List<ProviderTry> tried)
    {
        var byUrl = answers.SelectMany(answer => answer.Found.Results).GroupBy(result => CanonicalUrl.Of(result.Url), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var order = RankFusion.Fuse(answers.Select(answer => (answer.Found.Results.Select(result => CanonicalUrl.Of(result.Url)).Distinct(StringComparer.Ordinal), 1.0)));
        List<SearchResult> results = [.. order.Take(query.MaxResults).Select((entry, index) => byUrl[entry.Item] with { Rank = index + 1 })];
        var partial = answers.Select(answer => answer.Found.Partial).OfType<string>().ToList();
        var cached = answers.All(answer => answer.Age is not null);
        return new(
            results, partial.Count > 0 ? "partial" : results.Count > 0 ? "ok" : "none", tried, answers.Sum(answer => answer.Found.Pages),
            cached, cached ? answers.Max(answer => answer.Age!.Value) : TimeSpan.Zero, [.. answers.SelectMany(answer => answer.Found.Warnings).Concat(partial)]);
    }

    private static TaskFailedException Failure(List<SearchException> failures)
    {
        var retryable = failures.Any(failure => failure.Retryable);
        var wait = failures.Where(failure => failure.Retryable).Min(failure => failure.RetryAfter);
        return new(string.Join(" ", failures.Select(failure => failure.Message)), retryable, wait, failures[0]);
    }
}
