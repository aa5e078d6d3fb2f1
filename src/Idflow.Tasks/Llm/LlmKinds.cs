namespace Idflow.Tasks.Llm;

/// <summary>Vendors whose end points speak OpenAI's chat completions.</summary>
internal static class LlmKinds
{
    public const string Replay = "replay";

    private static readonly Dictionary<string, string> Addresses = new(StringComparer.OrdinalIgnoreCase)
    {
        ["openai"] = "https://api.openai.com/v1",
        ["anthropic"] = "https://api.anthropic.com/v1",
        ["gemini"] = "https://generativelanguage.googleapis.com/v1beta/openai",
        ["ollama"] = "http://localhost:11434/v1",
        ["openrouter"] = "https://openrouter.ai/api/v1",
        ["groq"] = "https://api.groq.com/openai/v1",
        ["mistral"] = "https://api.mistral.ai/v1",
        ["together_ai"] = "https://api.together.xyz/v1",
        ["deepseek"] = "https://api.deepseek.com/v1",
    };

    /// <summary>Vendors that sell models of others under names such as <c>openai/gpt-4o</c>.</summary>
    private static readonly HashSet<string> Resellers = new(StringComparer.OrdinalIgnoreCase) { "openrouter", "together_ai", "groq" };

    public static IEnumerable<string> Known => Addresses.Keys.Append("azure").Append(Replay);

    public static string? AddressOf(LlmProvider provider) => provider.BaseUrl?.TrimEnd('/') ?? Addresses.GetValueOrDefault(provider.Kind);

    public static bool IsReseller(string kind) => Resellers.Contains(kind);

    public static bool TakesTopK(string kind) => !kind.Equals("openai", StringComparison.OrdinalIgnoreCase) && !kind.Equals("azure", StringComparison.OrdinalIgnoreCase);

    public static bool NeedsKey(LlmProvider provider) => provider.BaseUrl is null && !provider.Kind.Equals("ollama", StringComparison.OrdinalIgnoreCase);
}
