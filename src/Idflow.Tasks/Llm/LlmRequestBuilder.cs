using System.Globalization;
using System.Text.Json.Nodes;
using Idflow.Pipeline.Resources;
using Idflow.Workers;

namespace Idflow.Tasks.Llm;

/// <summary>Finds a prompt by name and version; null when there is none. <see cref="Names"/> lists what is there.</summary>
internal sealed record PromptLibrary(Func<string, int?, string?> Find, Func<IReadOnlyList<string>> Names)
{
    /// <summary>The prompts that come with idflow.</summary>
    public static PromptLibrary Shipped { get; } = Of(new ResourceOverlay([new CoreLayer()]));

    /// <summary>The files <c>prompts/NAME.md</c> of an overlay, a version as <c>prompts/NAME.v2.md</c>.</summary>
    public static PromptLibrary Of(ResourceOverlay resources) => new(
        (name, version) => resources.FindPrompt(version is null ? name : string.Create(CultureInfo.InvariantCulture, $"{name}.v{version}"))?.ReadText(),
        () => [.. resources.PromptFiles().Select(file => Path.GetFileNameWithoutExtension(file.Name)).Where(name => name != "README")]);

    /// <exception cref="TaskFailedException">There is no such prompt.</exception>
    public string Get(string name, int? version = null, string key = "promptName") => Find(name, version) ?? throw TaskFailedException.Terminal(
        $"Input '{key}': there is no prompt '{name}'; known: {(Names() is { Count: > 0 } names ? string.Join(", ", names) : "none")}. Prompts are files prompts/NAME.md.");
}

/// <summary>Makes a checked request of the input of <c>llm_text_complete</c>.</summary>
internal sealed class LlmRequestBuilder(LlmGateway gateway, PromptLibrary prompts, string? defaultProvider)
{
    private const int MostStops = 4;

    /// <exception cref="TaskFailedException">A key is missing, out of range, or not supported.</exception>
    public ChatRequest Build(LlmInput input, List<string> warnings)
    {
        var name = input.LlmProvider ?? defaultProvider ?? throw TaskFailedException.Terminal("Input 'llmProvider' is missing, and the project has no llm.provider; name a block under llm.providers in config/idflow.yml.");
        var (provider, model) = gateway.Resolve(name, input.Model);
        var stops = Stops(input.StopWords, provider);
        return new()
        {
            Provider = provider,
            Model = model,
            System = input.System,
            Prompt = PromptTemplate.Render(Prompt(input), input.PromptVariables),
            Images = Images(input.Images),
            Temperature = InRange("temperature", input.Temperature, 0, 2),
            TopP = InRange("topP", input.TopP, 0, 1),
            TopK = TopK(input, provider, warnings),
            FrequencyPenalty = InRange("frequencyPenalty", input.FrequencyPenalty, -2, 2),
            PresencePenalty = InRange("presencePenalty", input.PresencePenalty, -2, 2),
            MaxTokens = (int?)InRange("maxTokens", input.MaxTokens, 1, 10_000_000),
            Seed = input.Seed,
            Stop = stops,
            Json = input.JsonOutput == true || input.JsonSchema is not null,
            Timeout = TimeSpan.FromSeconds(InRange("timeout_s", input.TimeoutSeconds, 1, 3600) ?? 120),
        };
    }

    private string Prompt(LlmInput input)
    {
        var both = input.Prompt is not null && input.PromptName is not null;
        if (both || (string.IsNullOrWhiteSpace(input.Prompt) && input.PromptName is null))
        {
            throw TaskFailedException.Terminal(both ? "Inputs 'prompt' and 'promptName' are both given; give one of them." : "Input 'prompt' is missing; give a prompt, or 'promptName'.");
        }

        return input.Prompt ?? prompts.Get(input.PromptName!, input.PromptVersion);
    }

    private static List<string> Stops(JsonNode? value, LlmProvider provider)
    {
        List<string> stops = value switch
        {
            null => [],
            JsonArray list => [.. list.Select(stop => stop?.ToString() ?? "")],
            JsonObject map => [.. map.Select(stop => stop.Value?.ToString() ?? "")],
            _ => [value.ToString()],
        };
        stops.RemoveAll(stop => stop.Length == 0);
        return stops.Count <= MostStops ? stops : throw TaskFailedException.Terminal($"Input 'stopWords' has {stops.Count} texts; the provider '{provider.Name}' takes at most {MostStops}.");
    }

    private static int? TopK(LlmInput input, LlmProvider provider, List<string> warnings)
    {
        if (input.TopK is null || LlmKinds.TakesTopK(provider.Kind))
        {
            return input.TopK;
        }

        if (input.DropParams != true)
        {
            throw TaskFailedException.Terminal($"Input 'topK': the provider '{provider.Name}' ({provider.Kind}) does not take it; leave it out, or set drop_params.");
        }

        warnings.Add($"topK was left out: the provider '{provider.Name}' does not take it.");
        return null;
    }

    private static IReadOnlyList<string> Images(IReadOnlyList<string>? images) => images?.FirstOrDefault(image => !image.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && !image.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase)) is { } wrong
        ? throw TaskFailedException.Terminal($"Input 'images': '{(wrong.Length > 60 ? wrong[..60] + "…" : wrong)}' must be an https address or a data:image/ address.")
        : images ?? [];

    private static double? InRange(string key, double? value, double least, double most) => value is null || (value >= least && value <= most)
        ? value
        : throw TaskFailedException.Terminal(string.Create(CultureInfo.InvariantCulture, $"Input '{key}' is {value}; it must be from {least} to {most}."));
}
