using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Idflow.Tasks.Web;

namespace Idflow.Tasks.Search;

/// <summary>Reads pages for <c>playwright_crawl</c> and research.</summary>
internal sealed class CrawlService(PageFetcher pages)
{
    /// <summary>Addresses in the output of a search, in its results, or in a list.</summary>
    public static List<string> Addresses(JsonNode? value)
    {
        var list = value is JsonObject output ? output["results"] ?? output["search_results"] : value;
        return [.. (list as JsonArray ?? []).Select(item => item is JsonObject result ? result["url"]?.ToString() : item?.ToString()).OfType<string>().Where(url => url.Length > 0).DistinctBy(CanonicalUrl.Of)];
    }

    /// <summary>Pages in the order of their addresses until there are enough; a page that cannot be read makes place for the next.</summary>
    public async Task<(List<WebPage> Pages, List<(string Url, string Reason, bool Retryable)> Skipped)> ReadAsync(IReadOnlyList<string> addresses, int most, bool refresh, CancellationToken cancellationToken)
    {
        List<WebPage> read = [];
        List<(string, string, bool)> skipped = [];
        for (var first = 0; first < addresses.Count && read.Count < most;)
        {
            var batch = addresses.Skip(first).Take(most - read.Count).ToList();
            first += batch.Count;
            var outcomes = await Task.WhenAll(batch.Select(url => pages.FetchAsync(url, refresh, cancellationToken)));
            for (var index = 0; index < batch.Count; index++)
            {
                if (outcomes[index].Page is { } page)
                {
                    read.Add(page);
                }
                else
                {
                    skipped.Add((batch[index], outcomes[index].Reason!, outcomes[index].Retryable));
                }
            }
        }

        return (read, skipped);
    }

    public static CrawledPage Describe(WebPage page) => new()
    {
        Url = page.Url,
        Title = page.Title,
        Content = page.Text,
        WordCount = page.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
        ExtractedAt = page.FetchedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        FinalUrl = page.FinalUrl,
        Lang = page.Language,
        Author = page.Author,
        Published = page.Published,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(page.Text))),
        Status = page.Cached ? "cached" : "fetched",
    };
}
