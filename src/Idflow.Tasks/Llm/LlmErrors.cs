using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Idflow.Tasks.Llm;

/// <summary>Names the class of an error answer of an OpenAI-compatible end point.</summary>
internal static partial class LlmErrors
{
    private const int MostDetail = 400;

    public static LlmException From(LlmProvider provider, string model, HttpStatusCode status, string body, TimeSpan? retryAfter)
    {
        var (detail, code) = Parse(body);
        var failure = Classify((int)status, detail, code);
        var hint = failure switch
        {
            LlmFailure.Authentication => provider.ApiKey is null ? $"it wants a key; {KeyHint(provider)}" : $"it does not accept the key; {KeyHint(provider)}",
            LlmFailure.Permission => "the key may not use this model or end point",
            LlmFailure.UnknownModel => $"it does not know the model '{model}' or this address",
            LlmFailure.ContextWindow => "the prompt is longer than the model's context",
            LlmFailure.ContentPolicy => "it refused the content",
            LlmFailure.Quota => "the account has no quota left",
            LlmFailure.RateLimit => "too many requests",
            LlmFailure.Overload => "it is overloaded or broken",
            _ => "it did not accept the request",
        };
        return new(failure, $"The LLM provider '{provider.Name}' answered {(int)status}: {hint}. {Redact(detail, provider)}".TrimEnd(), retryAfter);
    }

    public static string KeyHint(LlmProvider provider) => provider.ApiKeyVariable is { } variable
        ? $"set the environment variable {variable}"
        : $"name the environment variable that holds it: llm.providers.{provider.Name}.api_key_env_var";

    /// <summary>Takes the key out of a text that came back.</summary>
    public static string Redact(string text, LlmProvider provider) =>
        SecretLike().Replace(provider.ApiKey is { Length: > 3 } key ? text.Replace(key, "***", StringComparison.Ordinal) : text, "***");

    private static LlmFailure Classify(int status, string detail, string code) => status switch
    {
        401 => LlmFailure.Authentication,
        403 => LlmFailure.Permission,
        404 => LlmFailure.UnknownModel,
        429 => code == "insufficient_quota" ? LlmFailure.Quota : LlmFailure.RateLimit,
        408 => LlmFailure.Timeout,
        >= 500 => LlmFailure.Overload,
        _ => code == "context_length_exceeded" || ContextWords().IsMatch(detail) ? LlmFailure.ContextWindow
            : code is "content_filter" or "content_policy_violation" || PolicyWords().IsMatch(detail) ? LlmFailure.ContentPolicy
            : code is "model_not_found" ? LlmFailure.UnknownModel
            : LlmFailure.BadRequest,
    };

    private static (string Detail, string Code) Parse(string body)
    {
        try
        {
            var root = JsonNode.Parse(body) is JsonArray { Count: > 0 } list ? list[0] : JsonNode.Parse(body);
            var error = (root as JsonObject)?["error"];
            var detail = error is JsonObject details ? details["message"]?.ToString() : error?.ToString();
            return (Short(detail ?? (root as JsonObject)?["message"]?.ToString() ?? body), (error as JsonObject)?["code"]?.ToString() ?? "");
        }
        catch (JsonException)
        {
            return (Short(body), "");
        }
    }

    private static string Short(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MostDetail ? line : line[..MostDetail] + "…";
    }

    [GeneratedRegex(@"context (length|window)|maximum context|too many tokens|prompt is too long|exceeds? the (model|maximum)", RegexOptions.IgnoreCase)]
    private static partial Regex ContextWords();

    [GeneratedRegex(@"content (policy|filter|management)|safety (system|policy)", RegexOptions.IgnoreCase)]
    private static partial Regex PolicyWords();

    [GeneratedRegex(@"\b(sk|key|gsk|xai)-[A-Za-z0-9_\-]{12,}")]
    private static partial Regex SecretLike();
}
