using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Idflow.Tasks.Llm;

/// <summary>Input of <c>llm_text_complete</c>; null counts as absent, and what is absent is not sent.</summary>
public sealed record LlmInput
{
    /// <summary>Name of a provider block; default: the project's.</summary>
    public string? LlmProvider { get; init; }

    /// <summary>The model, also as <c>provider/model</c>; default: the block's.</summary>
    public string? Model { get; init; }

    /// <summary>The prompt; exactly one of this and <c>promptName</c>.</summary>
    public string? Prompt { get; init; }

    /// <summary>A prompt of the project, a vendor or idflow: <c>prompts/NAME.md</c>.</summary>
    public string? PromptName { get; init; }

    public int? PromptVersion { get; init; }

    /// <summary>Values for <c>{name}</c> and <c>${name}</c>.</summary>
    public JsonObject? PromptVariables { get; init; }

    /// <summary>0 to 2.</summary>
    public double? Temperature { get; init; }

    /// <summary>0 to 1.</summary>
    public double? TopP { get; init; }

    public int? TopK { get; init; }

    /// <summary>-2 to 2.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>-2 to 2.</summary>
    public double? PresencePenalty { get; init; }

    public int? MaxTokens { get; init; }

    public long? Seed { get; init; }

    /// <summary>A text, a list, or an object of texts; at most 4.</summary>
    public JsonNode? StopWords { get; init; }

    public string? System { get; init; }

    /// <summary>True: the answer is JSON, and <c>result</c> is its value.</summary>
    public bool? JsonOutput { get; init; }

    /// <summary>A JSON Schema that the answer must fit; implies <c>jsonOutput</c>.</summary>
    public JsonObject? JsonSchema { get; init; }

    /// <summary>Addresses (https or data) of images for models that see.</summary>
    public IReadOnlyList<string>? Images { get; init; }

    /// <summary>Seconds for one request; default 120.</summary>
    [JsonPropertyName("timeout_s")]
    public double? TimeoutSeconds { get; init; }

    /// <summary><c>provider/model</c> texts to try when this one is busy, away or too small.</summary>
    public IReadOnlyList<string>? Fallbacks { get; init; }

    /// <summary>Refuses the call when its prompt and <c>maxTokens</c> would cost more; needs prices in the block.</summary>
    [JsonPropertyName("max_cost_usd")]
    public double? MaxCostUsd { get; init; }

    /// <summary>True: parameters that the provider does not take are left out with a warning.</summary>
    [JsonPropertyName("drop_params")]
    public bool? DropParams { get; init; }

    /// <summary><c>run</c> (default: a retry of this task finds its answer), <c>project</c> or <c>off</c>.</summary>
    public string? Cache { get; init; }

    public bool? Refresh { get; init; }

    /// <summary>True: the output has the model's reasoning.</summary>
    [JsonPropertyName("keep_reasoning")]
    public bool? KeepReasoning { get; init; }
}

/// <summary>Output of <c>llm_text_complete</c>.</summary>
public sealed record LlmOutput
{
    /// <summary>The text, or the value of the JSON.</summary>
    public required JsonNode? Result { get; init; }

    public int? TokenUsed { get; init; }

    public int? PromptTokens { get; init; }

    public int? CompletionTokens { get; init; }

    public required string FinishReason { get; init; }

    /// <summary>The model that answered.</summary>
    public required string Model { get; init; }

    public required string Provider { get; init; }

    [JsonPropertyName("cost_usd")]
    public double? CostUsd { get; init; }

    [JsonPropertyName("latency_ms")]
    public required long LatencyMs { get; init; }

    public required bool Cached { get; init; }

    /// <summary>Age of a cached answer in seconds.</summary>
    [JsonPropertyName("cache_age_s")]
    public long? CacheAgeSeconds { get; init; }

    /// <summary>True for a recorded answer.</summary>
    public bool? Replayed { get; init; }

    public string? Reasoning { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }
}
