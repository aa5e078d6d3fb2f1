using System.Text.Json.Nodes;

namespace Idflow.Tasks.Llm;

/// <summary>A chat request before it is written for the wire; null means that the key is not sent.</summary>
internal sealed record ChatRequest
{
    public required LlmProvider Provider { get; init; }

    public required string Model { get; init; }

    public string? System { get; init; }

    public required string Prompt { get; init; }

    /// <summary>Further turns after the prompt: the model's answer and what it is asked to mend.</summary>
    public IReadOnlyList<(string Role, string Text)> Turns { get; init; } = [];

    public IReadOnlyList<string> Images { get; init; } = [];

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    public int? TopK { get; init; }

    public double? FrequencyPenalty { get; init; }

    public double? PresencePenalty { get; init; }

    public int? MaxTokens { get; init; }

    public long? Seed { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    public bool Json { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The body of the request.</summary>
    public JsonObject ToBody(bool stream)
    {
        var messages = new JsonArray();
        if (System is not null)
        {
            messages.Add(Message("system", System));
        }

        messages.Add(Images.Count == 0 ? Message("user", Prompt) : new JsonObject
        {
            ["role"] = "user",
            ["content"] = new JsonArray([Part("text", Prompt), .. Images.Select(image => (JsonNode)new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = image } })]),
        });
        foreach (var (role, text) in Turns)
        {
            messages.Add(Message(role, text));
        }

        var body = new JsonObject { ["model"] = Model, ["messages"] = messages };
        Set(body, "temperature", Temperature);
        Set(body, "top_p", TopP);
        Set(body, "top_k", TopK);
        Set(body, "frequency_penalty", FrequencyPenalty);
        Set(body, "presence_penalty", PresencePenalty);
        Set(body, "max_tokens", MaxTokens);
        Set(body, "seed", Seed);
        if (Stop.Count > 0)
        {
            body["stop"] = new JsonArray([.. Stop.Select(stop => JsonValue.Create(stop))]);
        }

        if (Json)
        {
            body["response_format"] = new JsonObject { ["type"] = "json_object" };
        }

        if (stream)
        {
            body["stream"] = true;
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        return body;
    }

    private static JsonObject Message(string role, string text) => new() { ["role"] = role, ["content"] = text };

    private static JsonObject Part(string type, string text) => new() { ["type"] = type, ["text"] = text };

    private static void Set<T>(JsonObject body, string key, T? value)
        where T : struct
    {
        if (value is { } given)
        {
            body[key] = JsonValue.Create(given);
        }
    }
}

/// <summary>A model's answer, without its reasoning.</summary>
internal sealed record ChatAnswer(string Text, string? Reasoning, string FinishReason, string Model, int? PromptTokens, int? CompletionTokens);
