using System.Text.Json.Nodes;
using Idflow.Tasks.Common;
using Idflow.Tasks.Web;

namespace Idflow.Tasks.Search;

/// <summary>Recorded answers for tests and demonstrations; results are marked with their provider.</summary>
internal sealed class RecordedProvider(AnswerStore store) : ISearchProvider
{
    public string Name => "recorded";

    public bool IsLocal => true;

    public static string KeyOf(string query) => AnswerStore.KeyOf("search", query.Trim().ToLowerInvariant());

    public Task<FoundResults> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        if (store.Find(KeyOf(query.Text))?.Value["results"] is not JsonArray list)
        {
            throw new SearchException($"There is no recorded answer for this query: {store.PathOf(KeyOf(query.Text))} does not exist.", retryable: false);
        }

        var results = list.OfType<JsonObject>().Take(query.MaxResults).Select((result, index) => new SearchResult(
            result["title"]?.ToString() ?? "", result["url"]?.ToString() ?? "", result["snippet"]?.ToString() ?? "", index + 1, CanonicalUrl.DomainOf(result["url"]?.ToString() ?? ""), Name));
        return Task.FromResult(new FoundResults([.. results], 1, null, []));
    }
}
