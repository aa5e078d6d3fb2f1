using System.Text.Json.Serialization;
using Idflow.Tasks.Research;

namespace Idflow.Tasks.Draft;

/// <summary>Output of <c>create_blog_post_draft</c>.</summary>
public sealed record DraftOutput
{
    public required string DocId { get; init; }

    public required string Title { get; init; }

    /// <summary>The draft in Markdown, with numbered citations and the list of sources.</summary>
    public required string Content { get; init; }

    public required DraftMetadata Metadata { get; init; }

    [JsonPropertyName("research_sources")]
    public required IReadOnlyList<DraftSource> ResearchSources { get; init; }

    public required IReadOnlyList<OutlineEntry> Outline { get; init; }

    [JsonPropertyName("key_points")]
    public required IReadOnlyList<string> KeyPoints { get; init; }

    public required IReadOnlyList<ResearchClaim> Claims { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required DraftUsage Usage { get; init; }
}

/// <summary>Facts about a draft.</summary>
public sealed record DraftMetadata
{
    /// <summary>ISO 8601, UTC.</summary>
    [JsonPropertyName("created_at")]
    public required string CreatedAt { get; init; }

    public required string Style { get; init; }

    [JsonPropertyName("target_length")]
    public required int TargetLength { get; init; }

    /// <summary>Words of the text without the list of sources.</summary>
    [JsonPropertyName("actual_length")]
    public required int ActualLength { get; init; }

    public string Status { get; init; } = "draft";

    public required string Slug { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required string Language { get; init; }

    /// <summary>At 230 words a minute, at least 1.</summary>
    [JsonPropertyName("reading_minutes")]
    public required int ReadingMinutes { get; init; }

    public string? Model { get; init; }

    /// <summary><c>extractive</c> or <c>llm</c>.</summary>
    public required string Method { get; init; }
}

/// <summary>A source of the draft by the number that cites it (0: not cited).</summary>
public sealed record DraftSource(
    int Id, string Type, string Title, string Url, string Domain, [property: JsonPropertyName("relevance_score")] double RelevanceScore, bool Cited);

/// <summary>A section: its heading, level, the points it makes and how many words it should have.</summary>
public sealed record OutlineEntry(string Heading, int Level, IReadOnlyList<string> Points, int Words);

/// <summary>What the draft took.</summary>
public sealed record DraftUsage(long Tokens, [property: JsonPropertyName("cost_usd")] double? CostUsd, int Requests);
