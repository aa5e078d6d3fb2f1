using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Idflow.Tasks.Keywords;

/// <summary>Input of <c>keyword_extract</c>; every key but <c>text</c> (or <c>docId</c>) has a default, and null counts as absent unless said otherwise.</summary>
public sealed record KeywordInput
{
    /// <summary>A text or a list of texts.</summary>
    public JsonNode? Text { get; init; }

    /// <summary>Instead of <c>text</c>: the document whose body is read.</summary>
    public string? DocId { get; init; }

    /// <summary>Name of a model folder; default <c>all-MiniLM-L6-v2</c>.</summary>
    public string? Model { get; init; }

    /// <summary><c>auto</c> (default: with vectors when the model is there), <c>statistical</c> or <c>embedding</c>.</summary>
    public string? Method { get; init; }

    /// <summary>True: without the model the task fails instead of working statistically.</summary>
    [JsonPropertyName("require_model")]
    public bool? RequireModel { get; init; }

    /// <summary>Fewest and most words of a keyword, 1 to 5; default [1, 2].</summary>
    [JsonPropertyName("keyphrase_ngram_range")]
    public IReadOnlyList<int>? NgramRange { get; init; }

    /// <summary>1 to 200; default 10.</summary>
    [JsonPropertyName("top_n")]
    public int? TopN { get; init; }

    /// <summary>A language, <c>auto</c>, a list of words, or null for none; default <c>english</c>.</summary>
    [JsonPropertyName("stop_words")]
    public JsonNode? StopWords { get; init; }

    [JsonPropertyName("use_maxsum")]
    public bool? UseMaxSum { get; init; }

    [JsonPropertyName("use_mmr")]
    public bool? UseMmr { get; init; }

    /// <summary>0 to 1; default 0.7.</summary>
    public double? Diversity { get; init; }

    /// <summary>Pool of MaxSum, at least <c>top_n</c>; default 20.</summary>
    [JsonPropertyName("nr_candidates")]
    public int? NrCandidates { get; init; }

    public bool? Highlight { get; init; }

    /// <summary>Words that pull the ranking towards them: one list, or one list per text.</summary>
    [JsonPropertyName("seed_keywords")]
    public JsonNode? SeedKeywords { get; init; }

    /// <summary>Only these phrases are ranked.</summary>
    public IReadOnlyList<string>? Candidates { get; init; }

    /// <summary>Least score of a keyword, 0 to 1.</summary>
    public double? Threshold { get; init; }

    /// <summary>In how many of the texts a keyword must occur; default 1.</summary>
    [JsonPropertyName("min_df")]
    public int? MinDf { get; init; }

    /// <summary><c>any</c> (default), or <c>nouns</c>: in an English text no words that it uses as verbs only, nor phrases that begin or end in one. Not with <c>compat: keybert</c>.</summary>
    public string? Phrases { get; init; }

    /// <summary>String similarity (0 to 1) from which two keywords are one; default 0.9, 1 merges equal ones only.</summary>
    public double? Dedup { get; init; }

    /// <summary><c>idflow</c> (default) or <c>keybert</c>: exactly what KeyBERT 0.9 gives, with its defaults.</summary>
    public string? Compat { get; init; }
}
