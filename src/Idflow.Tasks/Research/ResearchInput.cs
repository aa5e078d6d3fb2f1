using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Idflow.Tasks.Research;

/// <summary>Input of <c>gpt_researcher</c>; null counts as absent.</summary>
public sealed record ResearchInput
{
    /// <summary>The question. Required.</summary>
    public string? Query { get; init; }

    /// <summary>The document that asks. Required.</summary>
    public string? DocId { get; init; }

    /// <summary>Results per sub-query, 1 to 20; default 5.</summary>
    [JsonPropertyName("max_results")]
    public int? MaxResults { get; init; }

    /// <summary><c>basic</c> (default), <c>intermediate</c> or <c>advanced</c>.</summary>
    [JsonPropertyName("research_depth")]
    public string? ResearchDepth { get; init; }

    /// <summary><c>research_report</c> (default), <c>detailed</c>, <c>outline</c>, <c>resource</c>, <c>custom</c> or <c>deep</c>.</summary>
    [JsonPropertyName("report_type")]
    public string? ReportType { get; init; }

    /// <summary><c>web</c> (default), <c>local</c>, <c>hybrid</c> or <c>static</c>.</summary>
    public string? Sources { get; init; }

    /// <summary>With <c>static</c>: the addresses to read.</summary>
    [JsonPropertyName("source_urls")]
    public IReadOnlyList<string>? SourceUrls { get; init; }

    /// <summary>With <c>local</c>: a folder inside the project; default: the document's files, else the project's other documents.</summary>
    [JsonPropertyName("docs_path")]
    public string? DocsPath { get; init; }

    public IReadOnlyList<string>? Providers { get; init; }

    [JsonPropertyName("include_domains")]
    public IReadOnlyList<string>? IncludeDomains { get; init; }

    [JsonPropertyName("exclude_domains")]
    public IReadOnlyList<string>? ExcludeDomains { get; init; }

    /// <summary><c>d</c>, <c>w</c>, <c>m</c> or <c>y</c>, for searches.</summary>
    [JsonPropertyName("time_range")]
    public string? TimeRange { get; init; }

    /// <summary>A provider block of the project; none configured and none given: extractive mode. <c>none</c> asks for it.</summary>
    public string? LlmProvider { get; init; }

    public string? Model { get; init; }

    /// <summary>A cheaper model for planning and extraction.</summary>
    [JsonPropertyName("fast_model")]
    public string? FastModel { get; init; }

    /// <summary>A stronger model for writing.</summary>
    [JsonPropertyName("smart_model")]
    public string? SmartModel { get; init; }

    /// <summary>Language of the report; default: the query's.</summary>
    public string? Language { get; init; }

    public string? Tone { get; init; }

    /// <summary>Length of a written report, 100 to 10,000; default 1200.</summary>
    [JsonPropertyName("total_words")]
    public int? TotalWords { get; init; }

    /// <summary><c>numbered</c>.</summary>
    [JsonPropertyName("citation_style")]
    public string? CitationStyle { get; init; }

    /// <summary><c>seconds</c>, <c>pages</c>, <c>tokens</c>, <c>cost_usd</c>; default by depth.</summary>
    public JsonObject? Budget { get; init; }

    /// <summary><c>quotes</c> (default) or <c>off</c>.</summary>
    public string? Verify { get; init; }

    /// <summary>Name of the model folder for vectors; <c>none</c> ranks by words alone.</summary>
    [JsonPropertyName("embedding_model")]
    public string? EmbeddingModel { get; init; }

    /// <summary>True forbids sockets even where the project does not.</summary>
    public bool? Offline { get; init; }
}
