using System.Text.Json.Serialization;

namespace Idflow.Tasks.Research;

/// <summary>Output of <c>gpt_researcher</c>.</summary>
public sealed record ResearchOutput
{
    public required string Query { get; init; }

    public required string DocId { get; init; }

    /// <summary><c>extractive</c>, or <c>llm</c> when a model wrote.</summary>
    public required string Method { get; init; }

    public required string Depth { get; init; }

    /// <summary>The sources used, best first.</summary>
    public required IReadOnlyList<ResearchResult> Results { get; init; }

    public required string Summary { get; init; }

    /// <summary>0 to 1, computed; see the formula in the documentation of the task.</summary>
    [JsonPropertyName("confidence_score")]
    public required double ConfidenceScore { get; init; }

    /// <summary>ISO 8601, UTC.</summary>
    public required string Timestamp { get; init; }

    /// <summary>The report in Markdown, with numbered citations and the list of cited sources.</summary>
    public required string Report { get; init; }

    public required IReadOnlyList<ResearchSource> Sources { get; init; }

    public required IReadOnlyList<ResearchClaim> Claims { get; init; }

    /// <summary>Share of the claims whose quotation was found in its source.</summary>
    [JsonPropertyName("citation_precision")]
    public required double CitationPrecision { get; init; }

    [JsonPropertyName("sub_queries")]
    public required IReadOnlyList<SubQuery> SubQueries { get; init; }

    public required IReadOnlyList<ResearchStep> Steps { get; init; }

    public required ResearchUsage Usage { get; init; }

    /// <summary><c>done</c>, <c>time</c>, <c>tokens</c>, <c>pages</c> or <c>cost</c>.</summary>
    [JsonPropertyName("stopped_by")]
    public required string StoppedBy { get; init; }

    public required IReadOnlyList<string> Conflicts { get; init; }

    /// <summary>What could not be read, with the reason.</summary>
    public required IReadOnlyList<SkippedSource> Skipped { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The text of each cited source, to be kept with the report so that every citation can be looked up later.</summary>
    public required IReadOnlyList<ResearchFile> Files { get; init; }
}

/// <summary>A source and what it says.</summary>
public sealed record ResearchResult
{
    public required string Title { get; init; }

    public required string Summary { get; init; }

    /// <summary>The address.</summary>
    public required string Source { get; init; }

    /// <summary>0 to 1.</summary>
    [JsonPropertyName("relevance_score")]
    public required double RelevanceScore { get; init; }

    [JsonPropertyName("key_points")]
    public required IReadOnlyList<string> KeyPoints { get; init; }
}

/// <summary>A source by the number that cites it.</summary>
public sealed record ResearchSource(int Id, string Url, string Title, string? Accessed, string? Published, string Sha256, bool Cited);

/// <summary>A statement, the sources it cites, the quotation it rests on and what looking that up gave: verified, partial or unsupported.</summary>
public sealed record ResearchClaim(string Text, IReadOnlyList<int> Citations, string Quote, string Status);

/// <summary>A part of the question, its heading in the report, whether the sources speak to it (support 0 to 1), and its claims by position.</summary>
public sealed record SubQuery(string Query, string Heading, bool Answered, double Support, IReadOnlyList<int> Claims);

/// <summary>What was done: <c>gather</c>, <c>plan</c>, <c>search</c>, <c>rank</c>, <c>extract</c>, <c>verify</c>, <c>write</c>.</summary>
public sealed record ResearchStep(string Step, string Detail);

/// <summary>What it took.</summary>
public sealed record ResearchUsage(long Tokens, [property: JsonPropertyName("cost_usd")] double? CostUsd, int Requests, int Pages, double Seconds);

/// <summary>A source that was left out.</summary>
public sealed record SkippedSource(string Url, string Reason);

/// <summary>A file to keep with the result: its name (<c>sources/1</c>), what it is and its text.</summary>
public sealed record ResearchFile(
    string Name, string Title, string Url, string Sha256, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Accessed, bool Excerpt, string Body);
