using System.Text.Json.Serialization;

namespace Idflow.Tasks.Search;

/// <summary>Output of <c>duckduckgo_search</c>.</summary>
public sealed record SearchOutput
{
    public required string Query { get; init; }

    public required string DocId { get; init; }

    public required string Method { get; init; }

    public required IReadOnlyList<SearchResult> Results { get; init; }

    [JsonPropertyName("total_results")]
    public required int TotalResults { get; init; }

    /// <summary>ISO 8601, UTC.</summary>
    public required string Timestamp { get; init; }

    /// <summary><c>ok</c>, <c>none</c> or <c>partial</c>.</summary>
    public required string Status { get; init; }

    [JsonPropertyName("providers_tried")]
    public required IReadOnlyList<ProviderTry> ProvidersTried { get; init; }

    /// <summary>Result pages that were fetched.</summary>
    public required int Pages { get; init; }

    public required bool Cached { get; init; }

    [JsonPropertyName("cache_age_s")]
    public long? CacheAgeSeconds { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>A result; ranks count from 1.</summary>
public sealed record SearchResult(string Title, string Url, string Snippet, int Rank, string Domain, string Provider, string? Date = null);

/// <summary>A provider that was asked and what came of it.</summary>
public sealed record ProviderTry(string Provider, string Outcome, int Results);

/// <summary>Output of <c>playwright_crawl</c>.</summary>
public sealed record CrawlOutput
{
    public required string DocId { get; init; }

    /// <summary><c>http</c>.</summary>
    public required string Method { get; init; }

    [JsonPropertyName("pages_crawled")]
    public required int PagesCrawled { get; init; }

    public required IReadOnlyList<CrawledPage> Content { get; init; }

    public required string Summary { get; init; }

    public required string Timestamp { get; init; }

    public required IReadOnlyList<SkippedPage> Skipped { get; init; }
}

/// <summary>The main text of a page as Markdown.</summary>
public sealed record CrawledPage
{
    public required string Url { get; init; }

    public required string Title { get; init; }

    public required string Content { get; init; }

    [JsonPropertyName("word_count")]
    public required int WordCount { get; init; }

    [JsonPropertyName("extracted_at")]
    public required string ExtractedAt { get; init; }

    [JsonPropertyName("final_url")]
    public required string FinalUrl { get; init; }

    public string? Lang { get; init; }

    public string? Author { get; init; }

    public string? Published { get; init; }

    public required string Sha256 { get; init; }

    /// <summary><c>fetched</c> or <c>cached</c>.</summary>
    public required string Status { get; init; }
}

/// <summary>A page that was not read, with the reason.</summary>
public sealed record SkippedPage(string Url, string Reason);

/// <summary>Output of <c>duckduckgo_serp</c>: the search and the pages it found.</summary>
public sealed record SerpOutput
{
    public required string Query { get; init; }

    public required string DocId { get; init; }

    public required string Method { get; init; }

    public required IReadOnlyList<SearchResult> Results { get; init; }

    [JsonPropertyName("total_results")]
    public required int TotalResults { get; init; }

    public required IReadOnlyList<CrawledPage> Content { get; init; }

    public required IReadOnlyList<SkippedPage> Skipped { get; init; }

    public required string Status { get; init; }

    [JsonPropertyName("providers_tried")]
    public required IReadOnlyList<ProviderTry> ProvidersTried { get; init; }

    public required string Timestamp { get; init; }

    public required bool Cached { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }
}
