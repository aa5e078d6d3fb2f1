using System.Text.Json.Nodes;
using Idflow.Documents;
using Idflow.Tasks.Research.Sources;
using Idflow.Tasks.Research;
using Idflow.Tasks.Tests.Search;
using Idflow.Tasks.Tests.Web;
using Idflow.Workers;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Tasks.Tests.Research;

public sealed class WebResearchTests
{
    private const string Locks = "<html><head><title>Locks</title></head><body><main><h1>Locks</h1><p>The lock at Neptune has eight chambers and lifts a boat by nineteen metres. Thomas Telford built it between 1803 and 1822.</p></main></body></html>";

    [Fact]
    public async Task Given_pages_are_read_quoted_and_kept_with_the_time_of_access()
    {
        await using var server = Web();
        using var host = new WebHost(server);
        var output = await RunAsync(host, null, new() { ["query"] = "How many chambers has the lock at Neptune?", ["docId"] = "d", ["sources"] = "static", ["source_urls"] = new JsonArray(server.Url + "/locks", server.Url + "/gone") });
        Assert.Contains("eight chambers", (string)output["claims"]![0]!["quote"]!, StringComparison.Ordinal);
        Assert.NotNull((string?)output["sources"]![0]!["accessed"]);
        Assert.Contains("404", (string)output["skipped"]![0]!["reason"]!, StringComparison.Ordinal);
        Assert.Equal(1, (int)output["usage"]!["pages"]!);
    }

    [Fact]
    public async Task When_no_page_can_be_read_the_task_fails_with_the_reasons()
    {
        await using var server = Web();
        using var host = new WebHost(server);
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(host, null, new() { ["query"] = "q", ["docId"] = "d", ["sources"] = "static", ["source_urls"] = new JsonArray(server.Url + "/gone") }));
        Assert.Contains("/gone (the server answered 404)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blocked_search_fails_and_an_empty_one_completes_with_nothing()
    {
        await using var blocked = Web(_ => Reply.Text(DuckDuckGoPageTests.Fixture("challenge.html")));
        using var first = new WebHost(blocked);
        Assert.True((await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(first, null, new() { ["query"] = "q", ["docId"] = "d" }))).Retryable);

        await using var empty = Web(_ => Reply.Text(DuckDuckGoPageTests.Fixture("html-none.html")));
        using var second = new WebHost(empty);
        var output = await RunAsync(second, null, new() { ["query"] = "What is zxqy?", ["docId"] = "d" });
        Assert.Empty(output["results"]!.AsArray());
        Assert.Equal(0, (double)output["confidence_score"]!);
        Assert.Contains(output["steps"]!.AsArray(), step => (string)step!["step"]! == "search");
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_hybrid_research_whose_search_is_refused_may_be_tried_again_and_then_uses_both(int status)
    {
        var (isMended, address) = (false, "");
        await using var server = Web(_ => isMended ? Reply.Text(FoundPage(address + "/locks")) : Reply.Text("", status: status));
        address = server.Url;
        var time = new FakeTimeProvider(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        using var host = new WebHost(server, time: time);
        Assert.True((await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(host, null, Hybrid(out var store), store))).Retryable);

        isMended = true;
        time.Advance(TimeSpan.FromHours(1));
        var output = await RunAsync(host, null, Hybrid(out var documents), documents);
        Assert.Superset(new HashSet<string> { "Locks", "My notes" }, output["results"]!.AsArray().Select(result => (string)result!["title"]!).ToHashSet());
        Assert.Empty(output["warnings"]!.AsArray());
    }

    [Fact]
    public async Task A_hybrid_research_goes_on_with_local_sources_where_trying_again_cannot_help()
    {
        await using var server = new LoopbackServer(request => request.Path == "/robots.txt" ? Reply.Text("User-agent: *\nDisallow: /", "text/plain") : Reply.Text("", status: 404));
        using var host = new WebHost(server);
        var output = await RunAsync(host, null, Hybrid(out var store), store);
        Assert.Contains("eight chambers", (string)output["claims"]![0]!["quote"]!, StringComparison.Ordinal);
        Assert.StartsWith("Only local sources were used. ", (string)output["warnings"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_may_cite_only_what_the_sources_hold()
    {
        await using var server = Web();
        using var host = new WebHost(server);
        await using var model = new LoopbackServer(request => Answer((string)JsonNode.Parse(request.Body)!["messages"]![0]!["content"]!));
        var output = await RunAsync(host, model, new() { ["query"] = "Who built the lock at Neptune?", ["docId"] = "d", ["sources"] = "static", ["source_urls"] = new JsonArray(server.Url + "/locks"), ["llmProvider"] = "local" });

        Assert.Equal("llm", (string)output["method"]!);
        var claim = Assert.Single(output["claims"]!.AsArray())!;
        Assert.Equal(("Telford built the lock.", "verified"), ((string)claim["text"]!, (string)claim["status"]!));
        Assert.Contains("Telford built it [1].", (string)output["report"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("[5]", (string)output["report"]!, StringComparison.Ordinal);
        Assert.Equal("builders of the lock", (string)output["sub_queries"]![0]!["query"]!);
        Assert.Equal(45, (long)output["usage"]!["tokens"]!);

        static Reply Answer(string prompt) => Whole(
            prompt.StartsWith("Split", StringComparison.Ordinal) ? """["builders of the lock"]"""
            : prompt.StartsWith("From the sources", StringComparison.Ordinal) ? """[{"claim":"Telford built the lock.","quote":"Thomas Telford built it between 1803 and 1822","source":1},{"claim":"Brunel built it.","quote":"Isambard Brunel built it in a single night","source":1},{"claim":"x","quote":"Thomas Telford built it","source":9}]"""
            : "## Builders\n\nTelford built it [1]. A whale helped [5].");
    }

    [Fact]
    public async Task A_model_that_never_answers_in_json_leaves_the_extractive_path()
    {
        await using var server = Web();
        using var host = new WebHost(server);
        await using var model = new LoopbackServer(_ => Whole("I would rather talk."));
        var output = await RunAsync(host, model, new() { ["query"] = "Who built the lock at Neptune?", ["docId"] = "d", ["sources"] = "static", ["source_urls"] = new JsonArray(server.Url + "/locks"), ["llmProvider"] = "local" });
        Assert.Equal("extractive", (string)output["method"]!);
        Assert.Contains("Telford", (string)output["report"]!, StringComparison.Ordinal);
        Assert.NotEmpty(output["warnings"]!.AsArray());
    }

    private static JsonObject Hybrid(out MemoryDocuments store)
    {
        store = new MemoryDocuments();
        var asking = store.Add("A question", "Locks?");
        store.Add("My notes", "The lock at Neptune has eight chambers. It lifts a boat by nineteen metres, as the keeper told me.");
        return new() { ["query"] = "How many chambers has the lock at Neptune?", ["docId"] = asking, ["sources"] = "hybrid" };
    }

    private static string FoundPage(string address) => $"""
        <html><body><div id="links"><div class="result results_links results_links_deep web-result"><h2 class="result__title"><a class="result__a" href="{address}">Locks</a></h2>
        <a class="result__snippet" href="{address}">The lock at Neptune.</a></div></div></body></html>
        """;

    private static Reply Whole(string text) => Reply.Json(new JsonObject
    {
        ["choices"] = new JsonArray(new JsonObject { ["message"] = new JsonObject { ["content"] = text }, ["finish_reason"] = "stop" }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 10, ["completion_tokens"] = 5 },
    }.ToJsonString());

    private static LoopbackServer Web(Func<SeenRequest, Reply>? search = null) => new(request => request.Path switch
    {
        "/robots.txt" or "/gone" => Reply.Text("", status: 404),
        "/locks" => Reply.Text(Locks),
        _ => search?.Invoke(request) ?? Reply.Text("", status: 404),
    });

    private static async Task<JsonObject> RunAsync(WebHost host, LoopbackServer? model, JsonObject input, IDocumentStore? store = null)
    {
        var context = new TestTask(input);
        var task = new ResearchTask(new LocalSources("/", store), new WebSources(_ => host.Services), _ => TestGateways.For(model, Path.Combine(host.Cache.Path, "llm")), null, TestModels.Find, offline: false, TimeProvider.System);
        return TestTask.Output(await task.ResearchAsync(context.InputAs<ResearchInput>(), context));
    }
}
