using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Idflow.Tasks.Keywords;

/// <summary>Output of <c>keyword_extract</c>.</summary>
public sealed record KeywordOutput
{
    /// <summary><c>[keyword, score]</c> pairs; one such list per text when <c>text</c> was a list of several.</summary>
    public required JsonArray Result { get; init; }

    /// <summary>The same with counts and places; nested in the same way.</summary>
    public required JsonArray Keywords { get; init; }

    /// <summary><c>statistical</c> or <c>embedding</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The model that gave the vectors; absent for the statistical method.</summary>
    public string? Model { get; init; }

    /// <summary>Language code of the stop words; absent for a list of one's own.</summary>
    public string? Language { get; init; }

    /// <summary>The text with <c>**</c> around each keyword; only with <c>highlight</c>.</summary>
    [JsonPropertyName("highlighted_text")]
    public JsonNode? HighlightedText { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>A keyword of a text: how often and where (UTF-16 offsets in the given text) it occurs, and the other forms merged into it.</summary>
internal sealed record Keyword(string Text, double Score, int Count, IReadOnlyList<int> Offsets, IReadOnlyList<string> Variants);
