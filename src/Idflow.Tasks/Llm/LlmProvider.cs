namespace Idflow.Tasks.Llm;

/// <summary>An end point for language models: a block of the project's configuration with its key handed in.</summary>
public sealed record LlmProvider
{
    /// <summary>Name of the block; what <c>llmProvider</c> names.</summary>
    public required string Name { get; init; }

    /// <summary>Vendor or format: <c>openai</c>, <c>ollama</c>, <c>anthropic</c>, <c>gemini</c>, .., or <c>replay</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Address up to and without <c>/chat/completions</c>; null: the vendor's. For <c>replay</c>: the folder of recorded answers.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The key itself; never logged, never part of an output.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Where the key comes from, for messages.</summary>
    public string? ApiKeyVariable { get; init; }

    /// <summary>Model when a task names none.</summary>
    public string? Model { get; init; }

    /// <summary>Requests a minute over all processes of the project; null = no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Price of a million prompt tokens; with both prices set the output has <c>cost_usd</c>.</summary>
    public double? PromptPrice { get; init; }

    /// <summary>Price of a million answer tokens.</summary>
    public double? CompletionPrice { get; init; }

    public override string ToString() => $"{Name} ({Kind})";
}
