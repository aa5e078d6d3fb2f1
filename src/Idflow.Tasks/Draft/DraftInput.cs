using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Idflow.Tasks.Draft;

/// <summary>Input of <c>create_blog_post_draft</c>; null counts as absent.</summary>
public sealed record DraftInput
{
    /// <summary>Outputs of research tasks by method, or ids of documents whose stages hold them. Required.</summary>
    [JsonPropertyName("research_data")]
    public JsonNode? ResearchData { get; init; }

    /// <summary>The document that the draft is for. Required.</summary>
    public string? DocId { get; init; }

    /// <summary>Name of the prompt for the sections; default <c>create_blog_post_draft</c>.</summary>
    [JsonPropertyName("prompt_template")]
    public string? PromptTemplate { get; init; }

    /// <summary><c>professional</c> (default), <c>casual</c>, <c>technical</c>, or the name of a prompt that describes a style.</summary>
    public string? Style { get; init; }

    /// <summary>Words, 100 to 10,000; default 1500.</summary>
    [JsonPropertyName("target_length")]
    public int? TargetLength { get; init; }

    public string? Language { get; init; }

    public string? Audience { get; init; }

    public IReadOnlyList<string>? Keywords { get; init; }

    /// <summary>A provider block; <c>none</c>: extractive. Default: the project's, and extractive when it has none.</summary>
    public string? LlmProvider { get; init; }

    public string? Model { get; init; }

    public double? Temperature { get; init; }
}
