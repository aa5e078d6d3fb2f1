using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Idflow.Tasks.Llm;

/// <summary>
/// One request to an OpenAI-compatible end point (<c>POST {base}/chat/completions</c>), answered as a stream of server-sent
/// events or as one JSON object. A stream that says nothing for <see cref="IdleTime"/> counts as broken.
/// </summary>
internal sealed partial class ChatClient(HttpClient http, bool offline, TimeProvider time)
{
    /// <summary>Longest silence inside a stream.</summary>
    public static TimeSpan IdleTime { get; } = TimeSpan.FromSeconds(30);

    private const int MostCharacters = 4_000_000;

    /// <exception cref="LlmException">No usable answer.</exception>
    public async Task<ChatAnswer> SendAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        var address = AddressOf(request.Provider);
        using var deadline = new CancellationTokenSource(request.Timeout, time);
        using var idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, idle.Token);
        using var message = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(request.ToBody(stream: true).ToJsonString(), Encoding.UTF8, "application/json") };
        if (request.Provider.ApiKey is { } key)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            if (request.Provider.Kind.Equals("azure", StringComparison.OrdinalIgnoreCase))
            {
                message.Headers.TryAddWithoutValidation("api-key", key);
            }
        }

        try
        {
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw LlmErrors.From(request.Provider, request.Model, response.StatusCode, await response.Content.ReadAsStringAsync(stop.Token), RetryAfter(response));
            }

            return Checked(request, await ReadAsync(response, request, idle, stop.Token));
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            var why = deadline.IsCancellationRequested ? $"did not finish within {request.Timeout.TotalSeconds:0} s; raise 'timeout_s'" : $"was silent for {IdleTime.TotalSeconds:0} s";
            throw new LlmException(LlmFailure.Timeout, $"The LLM provider '{request.Provider.Name}' {why}.", innerException: error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new LlmException(LlmFailure.Connection, $"The LLM provider '{request.Provider.Name}' at {address.Authority} cannot be reached or broke off: {error.Message}", innerException: error);
        }
    }

    private Uri AddressOf(LlmProvider provider)
    {
        var text = LlmKinds.AddressOf(provider)
            ?? throw new LlmException(LlmFailure.BadRequest, $"The LLM provider '{provider.Name}' has no address; set llm.providers.{provider.Name}.base_url (the kind '{provider.Kind}' has none of its own).");
        if (!Uri.TryCreate(text + "/chat/completions", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new LlmException(LlmFailure.BadRequest, $"llm.providers.{provider.Name}.base_url is '{text}'; it must be an http or https address such as http://localhost:11434/v1.");
        }

        if (LlmKinds.NeedsKey(provider) && provider.ApiKey is null)
        {
            throw new LlmException(LlmFailure.Authentication, $"The LLM provider '{provider.Name}' needs a key; {LlmErrors.KeyHint(provider)}.");
        }

        return !offline || address.IsLoopback
            ? address
            : throw new LlmException(LlmFailure.Offline, $"The project is offline, so '{provider.Name}' at {address.Host} was not asked. Lacking: an answer of a language model. Use an end point on this machine, a recorded one (kind: replay), or set offline: false.");
    }

    private static ChatAnswer Checked(ChatRequest request, ChatAnswer answer)
    {
        if (answer.FinishReason is "content_filter")
        {
            throw new LlmException(LlmFailure.ContentPolicy, $"The LLM provider '{request.Provider.Name}' filtered its answer.");
        }

        if (answer.Text.Length > 0)
        {
            return answer;
        }

        throw answer.FinishReason == "length"
            ? new LlmException(LlmFailure.EmptyAnswer, $"The model '{request.Model}' used up its tokens before it wrote any text; raise 'maxTokens'{(request.MaxTokens is { } most ? $" (it is {most})" : "")}.")
            : new LlmException(LlmFailure.BadAnswer, $"The model '{request.Model}' of '{request.Provider.Name}' gave an empty answer.");
    }

    private static async Task<ChatAnswer> ReadAsync(HttpResponseMessage response, ChatRequest request, CancellationTokenSource idle, CancellationToken cancellationToken)
    {
        var parts = new AnswerParts(request.Model);
        try
        {
            if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            {
                parts.Add(JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken)), "message");
                return parts.ToAnswer();
            }

            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            idle.CancelAfter(IdleTime);
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                idle.CancelAfter(IdleTime);
                var data = line.StartsWith("data:", StringComparison.Ordinal) ? line[5..].Trim() : "";
                if (data == "[DONE]")
                {
                    return parts.ToAnswer();
                }

                if (data.Length > 0)
                {
                    parts.Add(JsonNode.Parse(data), "delta");
                }

                if (parts.Length > MostCharacters)
                {
                    throw new LlmException(LlmFailure.BadAnswer, $"The model '{request.Model}' wrote more than {MostCharacters} characters.");
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new LlmException(LlmFailure.BadAnswer, $"The answer of the LLM provider '{request.Provider.Name}' is not in the form of OpenAI's chat completions: {error.Message}", innerException: error);
        }

        return parts.Finished ? parts.ToAnswer() : throw new LlmException(LlmFailure.Connection, $"The LLM provider '{request.Provider.Name}' broke off in the middle of its answer.");
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };

    /// <summary>Puts the parts of a stream together.</summary>
    private sealed class AnswerParts(string model)
    {
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _reasoning = new();
        private string? _finish;
        private string _model = model;
        private int? _promptTokens;
        private int? _completionTokens;

        public bool Finished => _finish is not null;

        public int Length => _text.Length + _reasoning.Length;

        public void Add(JsonNode? part, string key)
        {
            if (part?["error"] is { } error)
            {
                throw new LlmException(LlmFailure.Overload, $"The answer broke off with an error: {(error as JsonObject)?["message"] ?? error}");
            }

            _model = part?["model"]?.GetValue<string>() is { Length: > 0 } named ? named : _model;
            if (part?["usage"] is JsonObject usage)
            {
                _promptTokens = (int?)usage["prompt_tokens"];
                _completionTokens = (int?)usage["completion_tokens"];
            }

            if (part?["choices"] is not JsonArray { Count: > 0 } choices || choices[0] is not JsonObject choice)
            {
                return;
            }

            _text.Append(choice[key]?["content"]?.ToString());
            _reasoning.Append((choice[key]?["reasoning_content"] ?? choice[key]?["reasoning"])?.ToString());
            _finish = choice["finish_reason"]?.ToString() ?? _finish;
        }

        public ChatAnswer ToAnswer()
        {
            var text = _text.ToString();
            if (Thinking().Match(text) is { Success: true } thinking)
            {
                _reasoning.Append(thinking.Groups["thought"].Value.Trim());
                text = text[thinking.Length..];
            }

            return new(text.Trim(), _reasoning.Length > 0 ? _reasoning.ToString() : null, _finish ?? "stop", _model, _promptTokens, _completionTokens);
        }
    }

    [GeneratedRegex(@"\A\s*<(think|thinking|reasoning)>(?<thought>.*?)(</\1>|\z)", RegexOptions.Singleline)]
    private static partial Regex Thinking();
}
