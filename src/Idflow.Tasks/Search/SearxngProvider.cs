using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Tasks.Common;
using Idflow.Tasks.Web;

namespace Idflow.Tasks.Search;

/// <summary>A SearXNG instance that offers the JSON format (docs.searxng.org/dev/search_api.html).</summary>
internal sealed class SearxngProvider(HttpFetcher http, string baseUrl) : ISearchProvider
{
    public string Name => "searxng";

    public bool IsLocal => false;

    public async Task<FoundResults> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        var range = query.TimeLimit switch { "d" => "day", "w" => "week", "m" => "month", "y" => "year", _ => "" };
        var safe = query.SafeSearch switch { "off" => "0", "strict" => "2", _ => "1" };
        var address = new Uri($"{baseUrl.TrimEnd('/')}/search?format=json&q={Uri.EscapeDataString(query.Text)}&safesearch={safe}{(range.Length > 0 ? "&time_range=" + range : "")}");
        try
        {
            var answer = await http.SendAsync(new(address) { Headers = [("Accept", "application/json")] }, cancellationToken);
            if ((int)answer.Status != 200)
            {
                throw new SearchException($"SearXNG at {address.Host} answered {(int)answer.Status}{((int)answer.Status == 403 ? "; it may not allow the JSON format" : "")}.", (int)answer.Status is 429 or >= 500, answer.RetryAfter);
            }

            var found = JsonNode.Parse(TextExtractor.Decode(answer.Body))?["results"] as JsonArray ?? throw new SearchException($"SearXNG at {address.Host} answered JSON without results.", retryable: true);
            var results = found.OfType<JsonObject>().Where(result => result["url"] is not null).Take(query.MaxResults).Select((result, index) => new SearchResult(
                result["title"]?.ToString() ?? "", result["url"]!.ToString(), result["content"]?.ToString() ?? "", index + 1, CanonicalUrl.DomainOf(result["url"]!.ToString()), Name, result["publishedDate"]?.ToString()));
            return new([.. results], 1, null, []);
        }
        catch (FetchRefusedException error)
        {
            throw new SearchException($"SearXNG was not asked: {error.Message}.", retryable: false, innerException: error);
        }
        catch (Exception error) when (error is HttpRequestException or TimeoutException or IOException or JsonException)
        {
            throw new SearchException($"SearXNG at {address.Host} gave no answer: {error.Message}", retryable: true, innerException: error);
        }
    }
}
