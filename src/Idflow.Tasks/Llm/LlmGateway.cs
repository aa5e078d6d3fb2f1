using System.Text.Json.Nodes;
using Idflow.Tasks.Common;

namespace Idflow.Tasks.Llm;

/// <summary>How far an answer may be used again.</summary>
internal enum CacheScope { Run, Project, Off }

/// <summary>An answer with where it came from.</summary>
internal sealed record GatewayAnswer(ChatAnswer Answer, LlmProvider Provider, string Model, bool Cached, TimeSpan Age, double Seconds, int Requests, bool Replayed)
{
    public double? CostUsd => Cached || Replayed ? 0 : Provider is { PromptPrice: { } prompt, CompletionPrice: { } completion } && Answer is { PromptTokens: { } read, CompletionTokens: { } written }
        ? ((read * prompt) + (written * completion)) / 1_000_000
        : null;
}

/// <summary>
/// Calls of language models with all around them: which provider and model, cache, rate limit over all processes, two tries with
/// back-off, fallbacks.
/// </summary>
internal sealed class LlmGateway(IReadOnlyDictionary<string, LlmProvider> providers, ChatClient client, AnswerStore store, RateGate gate, TimeProvider time, Random jitter)
{
    private const int Tries = 2;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    public IReadOnlyDictionary<string, LlmProvider> Providers => providers;

    /// <summary>The provider block and model for what a task names.</summary>
    /// <exception cref="LlmException">Unknown provider, no model, or a prefix that contradicts.</exception>
    public (LlmProvider Provider, string Model) Resolve(string providerName, string? model)
    {
        var provider = providers.GetValueOrDefault(providerName) ?? providers.Values.FirstOrDefault(entry => entry.Name.Equals(providerName, StringComparison.OrdinalIgnoreCase))
            ?? throw new LlmException(LlmFailure.BadRequest, $"There is no LLM provider '{providerName}' in the project; known: {(providers.Count == 0 ? "none" : string.Join(", ", providers.Keys.Order(StringComparer.Ordinal)))}. Add a block under llm.providers in config/idflow.yml.");
        var named = string.IsNullOrWhiteSpace(model) ? provider.Model : model.Trim();
        if (string.IsNullOrEmpty(named))
        {
            throw new LlmException(LlmFailure.BadRequest, $"Input 'model' is missing, and the LLM provider '{provider.Name}' has no default; set llm.providers.{provider.Name}.model.");
        }

        var slash = named.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || LlmKinds.IsReseller(provider.Kind))
        {
            return (provider, named);
        }

        var prefix = named[..slash];
        if (prefix.Equals(provider.Name, StringComparison.OrdinalIgnoreCase) || prefix.Equals(provider.Kind, StringComparison.OrdinalIgnoreCase))
        {
            return (provider, named[(slash + 1)..]);
        }

        return providers.ContainsKey(prefix) || LlmKinds.Known.Contains(prefix, StringComparer.OrdinalIgnoreCase)
            ? throw new LlmException(LlmFailure.BadRequest, $"Input 'model' is {named}, but 'llmProvider' is {provider.Name}; name one provider.")
            : (provider, named);
    }

    /// <param name="request">The request.</param>
    /// <param name="scope">How far the answer is kept and found again.</param>
    /// <param name="runKey">What names this task in this workflow run, for the scope of a run.</param>
    /// <param name="refresh">True asks anew and replaces what is kept.</param>
    /// <param name="fallbacks">Others to ask when this one is busy, away, or too small.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    public async Task<GatewayAnswer> AskAsync(ChatRequest request, CacheScope scope, string runKey, bool refresh, IReadOnlyList<(LlmProvider Provider, string Model)> fallbacks, CancellationToken cancellationToken)
    {
        LlmException? first = null;
        foreach (var (provider, model) in fallbacks.Prepend((request.Provider, request.Model)))
        {
            try
            {
                return await AskOneAsync(request with { Provider = provider, Model = model }, scope, runKey, refresh, cancellationToken);
            }
            catch (LlmException error) when (error.AllowsFallback && fallbacks.Count > 0)
            {
                first ??= error;
            }
        }

        throw first!;
    }

    private async Task<GatewayAnswer> AskOneAsync(ChatRequest request, CacheScope scope, string runKey, bool refresh, CancellationToken cancellationToken)
    {
        var key = KeyOf(request, scope == CacheScope.Run ? runKey : "");
        if (request.Provider.Kind.Equals(LlmKinds.Replay, StringComparison.OrdinalIgnoreCase))
        {
            return Replay(request);
        }

        if (scope != CacheScope.Off && !refresh && store.Find(key) is { } kept)
        {
            return new(Read(kept.Value), request.Provider, request.Model, Cached: true, time.GetUtcNow() - kept.At, 0, 0, Replayed: false);
        }

        var started = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            await WaitForSlotAsync(request.Provider, request.Timeout, cancellationToken);
            try
            {
                var answer = await client.SendAsync(request, cancellationToken);
                if (scope != CacheScope.Off)
                {
                    store.Keep(key, Write(answer));
                }

                return new(answer, request.Provider, request.Model, Cached: false, TimeSpan.Zero, time.GetElapsedTime(started).TotalSeconds, attempt, Replayed: false);
            }
            catch (LlmException error) when (error.Retryable && attempt < Tries && !(error.RetryAfter > TimeSpan.FromSeconds(10)))
            {
                // Full jitter: anything between nothing and the delay, so that many workers do not come back together.
                await Task.Delay(error.RetryAfter ?? (FirstDelay * attempt * jitter.NextDouble()), time, cancellationToken);
            }
        }
    }

    private async Task WaitForSlotAsync(LlmProvider provider, TimeSpan mostWait, CancellationToken cancellationToken)
    {
        if (provider.RequestsPerMinute is { } most && await gate.WaitAsync("llm-" + provider.Name, new(TimeSpan.Zero, most, TimeSpan.FromMinutes(1)), mostWait, cancellationToken) is { } wait)
        {
            throw new LlmException(LlmFailure.RateLimit, $"The LLM provider '{provider.Name}' is limited to {most} requests a minute; the next is free in {wait.TotalSeconds:0} s.", wait);
        }
    }

    private GatewayAnswer Replay(ChatRequest request)
    {
        var folder = request.Provider.BaseUrl ?? throw new LlmException(LlmFailure.BadRequest, $"The provider '{request.Provider.Name}' replays recorded answers; set llm.providers.{request.Provider.Name}.base_url to their folder.");
        var recorded = new AnswerStore(folder, time);
        var key = KeyOf(request, "");
        return recorded.Find(key) is { } kept
            ? new(Read(kept.Value), request.Provider, request.Model, Cached: false, TimeSpan.Zero, 0, 0, Replayed: true)
            : throw new LlmException(LlmFailure.Offline, $"There is no recorded answer for this prompt: {recorded.PathOf(key)} does not exist.");
    }

    /// <summary>Everything that shapes the answer; not the key, nor the address.</summary>
    public static string KeyOf(ChatRequest request, string runKey) => AnswerStore.KeyOf("llm", "1", request.Provider.Name, runKey, request.ToBody(stream: false).ToJsonString());

    public static JsonObject Write(ChatAnswer answer) => new()
    {
        ["text"] = answer.Text,
        ["reasoning"] = answer.Reasoning,
        ["finish"] = answer.FinishReason,
        ["model"] = answer.Model,
        ["prompt_tokens"] = answer.PromptTokens,
        ["completion_tokens"] = answer.CompletionTokens,
    };

    private static ChatAnswer Read(JsonObject value) => new(
        (string?)value["text"] ?? "", (string?)value["reasoning"], (string?)value["finish"] ?? "stop", (string?)value["model"] ?? "", (int?)value["prompt_tokens"], (int?)value["completion_tokens"]);
}
