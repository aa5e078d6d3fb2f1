using System.Globalization;
using System.Text.Json.Nodes;
using Idflow.Workers;

namespace Idflow.Tasks.Llm;

/// <summary>The built-in task <c>llm_text_complete</c>.</summary>
internal sealed class LlmTask(LlmGateway gateway, LlmRequestBuilder requests)
{
    /// <summary>Asks a language model of the project and gives its answer as text or JSON.</summary>
    [WorkerTask("llm_text_complete", Concurrency = 4, TimeoutSeconds = 900)]
    public async Task<LlmOutput> CompleteAsync([TaskInput(Whole = true)] LlmInput input, TaskContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        List<string> warnings = [];
        try
        {
            var request = requests.Build(input, warnings);
            CheckCost(input, request);
            return await AskAsync(input, request, warnings, context);
        }
        catch (LlmException error)
        {
            throw error.ToTaskFailure();
        }
    }

    private async Task<LlmOutput> AskAsync(LlmInput input, ChatRequest request, List<string> warnings, TaskContext context)
    {
        var scope = Scope(input.Cache);
        var runKey = $"{context.WorkflowId}/{context.ReferenceName}/{context.Task.Iteration}";
        List<(LlmProvider, string)> fallbacks = [.. (input.Fallbacks ?? []).Select(Fallback)];
        var answer = await gateway.AskAsync(request, scope, runKey, input.Refresh == true, fallbacks, context.CancellationToken);
        Log(context, answer);
        JsonNode? result = answer.Answer.Text;
        var spent = new List<GatewayAnswer> { answer };
        if (request.Json && !Fits(answer.Answer.Text, input.JsonSchema, out result, out var problem))
        {
            warnings.Add($"The first answer was repaired: {problem}");
            var repair = request with { Turns = [("assistant", answer.Answer.Text), ("user", $"That is not the JSON asked for: {problem}. Answer again with nothing but the corrected JSON.")] };
            answer = await gateway.AskAsync(repair, scope, runKey, input.Refresh == true, fallbacks, context.CancellationToken);
            Log(context, answer);
            spent.Add(answer);
            if (!Fits(answer.Answer.Text, input.JsonSchema, out result, out problem))
            {
                throw new LlmException(LlmFailure.BadAnswer, $"The model '{answer.Model}' did not give the JSON asked for, even after one repair: {problem}");
            }
        }

        return Output(answer, result, spent, input, warnings);
    }

    private static LlmOutput Output(GatewayAnswer answer, JsonNode? result, List<GatewayAnswer> spent, LlmInput input, List<string> warnings)
    {
        int? prompt = spent.All(entry => entry.Answer.PromptTokens is not null) ? spent.Sum(entry => entry.Answer.PromptTokens) : null;
        int? completion = spent.All(entry => entry.Answer.CompletionTokens is not null) ? spent.Sum(entry => entry.Answer.CompletionTokens) : null;
        return new()
        {
            Result = result,
            PromptTokens = prompt,
            CompletionTokens = completion,
            TokenUsed = prompt + completion,
            FinishReason = answer.Answer.FinishReason,
            Model = answer.Answer.Model,
            Provider = answer.Provider.Name,
            CostUsd = spent.All(entry => entry.CostUsd is not null) ? Math.Round(spent.Sum(entry => entry.CostUsd!.Value), 6) : null,
            LatencyMs = (long)(spent.Sum(entry => entry.Seconds) * 1000),
            Cached = answer.Cached,
            CacheAgeSeconds = answer.Cached ? (long)answer.Age.TotalSeconds : null,
            Replayed = answer.Replayed ? true : null,
            Reasoning = input.KeepReasoning == true ? answer.Answer.Reasoning : null,
            Warnings = warnings,
        };
    }

    private static bool Fits(string text, JsonObject? schema, out JsonNode? value, out string problem)
    {
        problem = "";
        if (!JsonShape.TryParse(text, out value))
        {
            problem = "it is not JSON";
        }
        else if (schema is not null && JsonShape.Check(value, schema) is { Count: > 0 } problems)
        {
            problem = string.Join("; ", problems.Take(5));
        }

        return problem.Length == 0;
    }

    private (LlmProvider, string) Fallback(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? gateway.Resolve(name[..slash], name[(slash + 1)..]) : gateway.Resolve(name, null);
    }

    private static CacheScope Scope(string? name) => (name ?? "run").ToLowerInvariant() switch
    {
        "run" => CacheScope.Run,
        "project" => CacheScope.Project,
        "off" => CacheScope.Off,
        _ => throw TaskFailedException.Terminal($"Input 'cache' is {name}; it must be one of run, project, off."),
    };

    /// <summary>An upper bound before the call: a token is rarely shorter than two characters.</summary>
    private static void CheckCost(LlmInput input, ChatRequest request)
    {
        if (input.MaxCostUsd is not { } most)
        {
            return;
        }

        if (request.Provider is not { PromptPrice: { } prompt, CompletionPrice: { } completion } || request.MaxTokens is null)
        {
            throw TaskFailedException.Terminal($"Input 'max_cost_usd' needs 'maxTokens' and the prices of the provider '{request.Provider.Name}' (prompt_price, completion_price, per million tokens).");
        }

        var bound = (((request.Prompt.Length + (request.System?.Length ?? 0)) / 2.0 * prompt) + (request.MaxTokens.Value * completion)) / 1_000_000;
        if (bound > most)
        {
            throw TaskFailedException.Terminal(string.Create(CultureInfo.InvariantCulture, $"The call could cost {bound:0.####} USD, above 'max_cost_usd' {most}; lower 'maxTokens' or shorten the prompt."));
        }
    }

    private static void Log(TaskContext context, GatewayAnswer answer) => context.Log(string.Create(CultureInfo.InvariantCulture,
        $"llm_text_complete: {answer.Provider.Name}/{answer.Answer.Model}, {answer.Answer.PromptTokens ?? 0}+{answer.Answer.CompletionTokens ?? 0} tokens, {(answer.Cached ? "cached" : $"{answer.Seconds:0.0} s")}"));
}
