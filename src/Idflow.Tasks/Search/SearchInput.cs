using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Idflow.Tasks.Search;

/// <summary>Input of <c>duckduckgo_search</c> and <c>duckduckgo_serp</c>; null counts as absent.</summary>
public sealed record SearchInput
{
    /// <summary>1 to 499 characters; longer is cut at a word end with a warning. Required.</summary>
    public string? Query { get; init; }

    /// <summary>Stored with the result. Required.</summary>
    public string? DocId { get; init; }

    /// <summary>1 to 100; default 10.</summary>
    [JsonPropertyName("max_results")]
    public int? MaxResults { get; init; }

    /// <summary>Such as <c>us-en</c>, <c>de-de</c>; default <c>wt-wt</c>: none.</summary>
    public string? Region { get; init; }

    /// <summary><c>d</c>, <c>w</c>, <c>m</c> or <c>y</c>; default: any time.</summary>
    public string? Timelimit { get; init; }

    /// <summary><c>off</c>, <c>moderate</c> (default) or <c>strict</c>; the output says when a provider cannot apply it.</summary>
    public string? Safesearch { get; init; }

    /// <summary>In order: <c>duckduckgo</c> (default), <c>searxng</c>, <c>local</c>, <c>recorded</c>.</summary>
    public IReadOnlyList<string>? Providers { get; init; }

    /// <summary><c>first_success</c> (default) or <c>merge</c>.</summary>
    public string? Strategy { get; init; }

    [JsonPropertyName("include_domains")]
    public IReadOnlyList<string>? IncludeDomains { get; init; }

    [JsonPropertyName("exclude_domains")]
    public IReadOnlyList<string>? ExcludeDomains { get; init; }

    /// <summary>True asks anew and replaces what is kept.</summary>
    public bool? Refresh { get; init; }

    /// <summary>True forbids sockets even where the project does not.</summary>
    public bool? Offline { get; init; }

    /// <summary>Pages that <c>duckduckgo_serp</c> reads; default 5.</summary>
    [JsonPropertyName("max_pages")]
    public int? MaxPages { get; init; }
}

/// <summary>Input of <c>playwright_crawl</c>.</summary>
public sealed record CrawlInput
{
    /// <summary>The output of a search, its <c>results</c>, or a list of addresses. Required.</summary>
    [JsonPropertyName("search_results")]
    public JsonNode? SearchResults { get; init; }

    /// <summary>Stored with the result. Required.</summary>
    public string? DocId { get; init; }

    /// <summary>1 to 50; default 5.</summary>
    [JsonPropertyName("max_pages")]
    public int? MaxPages { get; init; }

    /// <summary><c>auto</c> (default) or <c>never</c>: pages are read over HTTP; one that needs a browser is reported as skipped.</summary>
    public string? Render { get; init; }

    public bool? Refresh { get; init; }

    /// <summary>True forbids sockets even where the project does not.</summary>
    public bool? Offline { get; init; }
}
