using System.Text.Json.Nodes;
using Idflow.Tasks.Common;
using Idflow.Tasks.Llm;
using Idflow.Workers;

namespace Idflow.Tasks.Tests.Llm;

public sealed class LlmTaskTests
{
    private const string Done = "[DONE]";

    [Fact]
    public async Task A_streamed_answer_is_put_together_with_usage_and_without_reasoning()
    {
        await using var server = new LoopbackServer(_ => Reply.Stream(
            Delta("<think>hm, "), Delta("two</think>The "), Delta("answer"), """{"model":"m-1","choices":[{"delta":{"content":"."},"finish_reason":"stop"}]}""",
            """{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}""", Done));
        var output = await RunAsync(server, new() { ["prompt"] = "Say {what}", ["promptVariables"] = new JsonObject { ["what"] = "{it}" }, ["temperature"] = "0.5", ["stopWords"] = "END", ["keep_reasoning"] = true });

        Assert.Equal("The answer.", (string)output["result"]!);
        Assert.Equal("hm, two", (string)output["reasoning"]!);
        Assert.Equal((10, 7, 3), ((int)output["tokenUsed"]!, (int)output["promptTokens"]!, (int)output["completionTokens"]!));
        Assert.Equal(("m-1", "local", "stop"), ((string)output["model"]!, (string)output["provider"]!, (string)output["finishReason"]!));
        Assert.Equal(0.000013, (double)output["cost_usd"]!, 9);
        var seen = Assert.Single(server.Seen);
        Assert.Equal("/v1/chat/completions", seen.Path);
        Assert.Equal("Bearer sk-secret-0123456789", seen.Headers["Authorization"]);
        var body = JsonNode.Parse(seen.Body)!;
        Assert.Equal("Say {it}", (string)body["messages"]![0]!["content"]!);
        Assert.Equal(0.5, (double)body["temperature"]!);
        Assert.Equal("END", (string)body["stop"]![0]!);
        Assert.Null(body["top_p"]);
    }

    [Fact]
    public async Task A_plain_answer_is_read_too_and_the_retry_of_a_task_finds_it()
    {
        await using var server = new LoopbackServer(_ => Whole("hello"));
        using var cache = new TemporaryFolder();
        var first = await RunAsync(server, new() { ["prompt"] = "Hi" }, cache);
        var second = await RunAsync(server, new() { ["prompt"] = "Hi" }, cache);
        Assert.False((bool)first["cached"]!);
        Assert.True((bool)second["cached"]!);
        Assert.Equal("hello", (string)second["result"]!);
        Assert.Single(server.Seen);
        await RunAsync(server, new() { ["prompt"] = "Hi", ["refresh"] = true }, cache);
        await RunAsync(server, new() { ["prompt"] = "Hi", ["cache"] = "off" }, cache);
        Assert.Equal(3, server.Seen.Count);
    }

    [Theory]
    [InlineData(401, """{"error":{"message":"bad key sk-secret-0123456789"}}""", false, "does not accept the key; set the environment variable LOCAL_KEY")]
    [InlineData(403, """{"error":{"message":"no"}}""", false, "may not use")]
    [InlineData(404, """{"error":{"message":"no model"}}""", false, "does not know the model 'small'")]
    [InlineData(400, """{"error":{"message":"This model's maximum context length is 4096 tokens, you gave 5000"}}""", false, "longer than the model's context. This model's maximum context length is 4096 tokens, you gave 5000")]
    [InlineData(400, """{"error":{"message":"x","code":"content_filter"}}""", false, "refused the content")]
    [InlineData(429, """{"error":{"message":"x","code":"insufficient_quota"}}""", false, "no quota")]
    [InlineData(429, """{"error":{"message":"slow down"}}""", true, "too many requests")]
    [InlineData(503, "<html>down</html>", true, "overloaded or broken")]
    public async Task Errors_are_named_by_class_and_never_show_the_key(int status, string body, bool retryable, string text)
    {
        await using var server = new LoopbackServer(_ => Reply.Json(body, status) with { Headers = [("Retry-After", "30")] });
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(server, new() { ["prompt"] = "Hi" }));
        Assert.Equal(retryable, error.Retryable);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(30), error.RetryAfter);
    }

    [Fact]
    public async Task A_busy_end_point_is_asked_twice_and_then_a_fallback()
    {
        await using var server = new LoopbackServer(request => request.Body.Contains("\"small\"", StringComparison.Ordinal)
            ? Reply.Json("{}", 503) with { Headers = [("Retry-After", "0")] }
            : Whole("from the other"));
        var output = await RunAsync(server, new() { ["prompt"] = "Hi", ["fallbacks"] = new JsonArray("local/other") });
        Assert.Equal("from the other", (string)output["result"]!);
        Assert.Equal(3, server.Seen.Count);
    }

    [Fact]
    public async Task A_connection_cut_in_the_middle_is_a_failure_that_a_retry_can_mend()
    {
        await using var server = new LoopbackServer(_ => Reply.Stream(Delta("half of")) with { Cut = true });
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(server, new() { ["prompt"] = "Hi" }));
        Assert.True(error.Retryable);
        Assert.Contains("broke", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_never_ends_stops_at_the_time_limit()
    {
        var never = new TaskCompletionSource();
        await using var server = new LoopbackServer(_ => Reply.Stream(Delta("a"), Delta("b")) with { Pause = never.Task });
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(server, new() { ["prompt"] = "Hi", ["timeout_s"] = 1 }));
        Assert.True(error.Retryable);
        Assert.Contains("did not finish within 1 s", error.Message, StringComparison.Ordinal);
        never.SetResult();
    }

    [Fact]
    public async Task An_empty_answer_cut_at_the_limit_says_to_raise_it()
    {
        await using var server = new LoopbackServer(_ => Reply.Json("""{"choices":[{"message":{"content":""},"finish_reason":"length"}]}"""));
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(server, new() { ["prompt"] = "Hi", ["maxTokens"] = 5 }));
        Assert.False(error.Retryable);
        Assert.Contains("raise 'maxTokens' (it is 5)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_that_does_not_fit_its_schema_is_repaired_once()
    {
        await using var server = new LoopbackServer(request => Whole(request.Body.Contains("Answer again", StringComparison.Ordinal) ? "```json\n{\"year\": 1844}\n```" : "{\"year\": \"soon\"}"));
        var schema = (JsonObject)JsonNode.Parse("""{"type":"object","required":["year"],"properties":{"year":{"type":"integer"}}}""")!;
        var output = await RunAsync(server, new() { ["prompt"] = "When?", ["jsonSchema"] = schema });
        Assert.Equal(1844, (int)output["result"]!["year"]!);
        Assert.Contains("$.year is string, not integer", (string)output["warnings"]![0]!, StringComparison.Ordinal);
        Assert.Equal(2, server.Seen.Count);

        await using var stubborn = new LoopbackServer(_ => Whole("no json"));
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(stubborn, new() { ["prompt"] = "When?", ["jsonOutput"] = true }));
        Assert.Contains("even after one repair", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"prompt": "x", "promptName": "y"}""", "promptName")]
    [InlineData("""{}""", "prompt")]
    [InlineData("""{"prompt": "x", "temperature": 3}""", "temperature")]
    [InlineData("""{"prompt": "x", "topK": 3}""", "topK")]
    [InlineData("""{"prompt": "x", "stopWords": ["1","2","3","4","5"]}""", "stopWords")]
    [InlineData("""{"prompt": "x", "llmProvider": "nobody"}""", "no LLM provider 'nobody'")]
    [InlineData("""{"prompt": "x", "model": "anthropic/claude"}""", "name one provider")]
    [InlineData("""{"promptName": "unknown"}""", "no prompt 'unknown'; known: greeting")]
    [InlineData("""{"prompt": "a {one} {two} ${three}", "promptVariables": {"two": 1}}""", "{one}, {three}")]
    [InlineData("""{"prompt": "x", "max_cost_usd": 0.000001, "maxTokens": 1000}""", "max_cost_usd")]
    public async Task Wrong_input_is_terminal_and_named(string input, string named)
    {
        await using var server = new LoopbackServer(_ => Whole("never"));
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(server, (JsonObject)JsonNode.Parse(input)!));
        Assert.False(error.Retryable);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Seen);
    }

    [Fact]
    public async Task Offline_forbids_other_machines_and_says_what_was_lacked()
    {
        var provider = new LlmProvider { Name = "far", Kind = "openai", BaseUrl = "http://192.0.2.1/v1", Model = "m" };
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync([provider], new() { ["prompt"] = "Hi", ["llmProvider"] = "far" }, null));
        Assert.False(error.Retryable);
        Assert.Contains("offline", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recorded_answers_are_replayed_and_marked()
    {
        using var folder = new TemporaryFolder();
        var provider = new LlmProvider { Name = "tape", Kind = "replay", BaseUrl = folder.Path, Model = "m" };
        var missing = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync([provider], new() { ["prompt"] = "Hi", ["llmProvider"] = "tape" }, null));
        Assert.Contains(folder.Path, missing.Message, StringComparison.Ordinal);
        new AnswerStore(folder.Path, TimeProvider.System).Keep(LlmGateway.KeyOf(new() { Provider = provider, Model = "m", Prompt = "Hi" }, ""), LlmGateway.Write(new("Recorded.", null, "stop", "m", 1, 1)));
        var output = await RunAsync([provider], new() { ["prompt"] = "Hi", ["llmProvider"] = "tape" }, null);
        Assert.Equal("Recorded.", (string)output["result"]!);
        Assert.True((bool)output["replayed"]!);
    }

    [Fact]
    public void Braces_that_hold_no_name_stay_as_they_are()
    {
        var variables = new JsonObject { ["a"] = "{b}", ["b"] = 2 };
        Assert.Equal("{b} 2 {\"k\": 1} {x y} {}", PromptTemplate.Render("{a} ${b} {\"k\": 1} {x y} {}", variables));
        Assert.Equal("{a}", PromptTemplate.Render("{{a}}", variables));
        Assert.Equal("{a} {{", PromptTemplate.Render("{a} {{", null));
    }

    private static string Delta(string text) => new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["delta"] = new JsonObject { ["content"] = text } }) }.ToJsonString();

    private static Reply Whole(string text) => Reply.Json(new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["message"] = new JsonObject { ["content"] = text }, ["finish_reason"] = "stop" }) }.ToJsonString());

    private static Task<JsonObject> RunAsync(LoopbackServer server, JsonObject input, TemporaryFolder? cache = null) => RunAsync(
        [new() { Name = "local", Kind = "openai", BaseUrl = server.Url + "/v1", ApiKey = "sk-secret-0123456789", ApiKeyVariable = "LOCAL_KEY", Model = "small", PromptPrice = 1, CompletionPrice = 2 }], input, cache);

    private static async Task<JsonObject> RunAsync(LlmProvider[] providers, JsonObject input, TemporaryFolder? cache)
    {
        using var own = new TemporaryFolder();
        using var http = new HttpClient();
        var folder = (cache ?? own).Path;
        var prompts = new PromptLibrary((name, _) => name == "greeting" ? "Hello" : null, () => ["greeting"]);
        var gateway = new LlmGateway(providers.ToDictionary(provider => provider.Name), new ChatClient(http, offline: true, TimeProvider.System), new AnswerStore(folder, TimeProvider.System), new RateGate(folder, TimeProvider.System), TimeProvider.System, new Random(1));
        var context = new TestTask(input);
        return TestTask.Output(await new LlmTask(gateway, new LlmRequestBuilder(gateway, prompts, providers[0].Name)).CompleteAsync(context.InputAs<LlmInput>(), context));
    }
}
