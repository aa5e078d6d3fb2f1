using System.Text.Json.Nodes;
using Idflow.Documents.Model;
using Idflow.Tasks.Draft;
using Idflow.Tasks.Llm;
using Idflow.Tasks.Research;
using Idflow.Tasks.Research.Sources;
using Idflow.Workers;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Tasks.Tests.Draft;

public sealed class DraftTaskTests
{
    private const string Canal = "The first survey of the Panama canal route was made in 1870. Ships of 300 metres pass the locks today. The canal was handed to Panama on the last day of 1999. Tolls brought in three billion dollars in one year.";

    [Fact]
    public async Task A_draft_from_research_quotes_its_sources_and_passes_its_own_checks()
    {
        var (store, id, research) = await ResearchedAsync();
        var draft = await DraftAsync(store, new() { ["docId"] = id, ["research_data"] = new JsonObject { ["gpt_researcher"] = research }, ["target_length"] = 100 });

        var content = (string)draft["content"]!;
        Assert.Equal("extractive", (string)draft["metadata"]!["method"]!);
        Assert.Empty(MarkdownChecks.Check(content, ReportFormat.ReadSources(content).Count));
        Assert.Contains("1999", content, StringComparison.Ordinal);
        Assert.All(ReportFormat.ReadQuotes(content), quote => Assert.Contains(quote.Quote, Canal, StringComparison.Ordinal));
        Assert.All(draft["claims"]!.AsArray(), claim => Assert.Equal("verified", (string)claim!["status"]!));
        Assert.InRange(((string)draft["title"]!).Length, 30, 70);
        Assert.InRange(((string)draft["metadata"]!["description"]!).Length, 120, 160);
        Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", (string)draft["metadata"]!["slug"]!);
        Assert.NotEmpty(draft["metadata"]!["tags"]!.AsArray());
        Assert.Single(draft["research_sources"]!.AsArray(), source => (bool)source!["cited"]!);
    }

    [Fact]
    public async Task A_draft_from_the_results_of_a_stage_equals_one_from_the_output()
    {
        var (store, id, research) = await ResearchedAsync();
        await store.CreateStageRunAsync(id, "research", counter => new() { DocumentId = id, StageName = "research", Counter = counter, Status = StageStatus.Done });
        await store.WriteResultAsync(id, "research", 1, new("research_topic", new([new("query", (string)research["query"]!)]), (string)research["report"]!));
        foreach (var file in research["files"]!.AsArray())
        {
            await store.WriteResultAsync(id, "research", 1, new("research_topic/" + (string)file!["name"]!, PropertyMap.Empty, (string)file["body"]!));
        }

        var fromStage = await DraftAsync(store, new() { ["docId"] = id, ["research_data"] = new JsonArray(id) });
        Assert.All(fromStage["claims"]!.AsArray(), claim => Assert.Equal("verified", (string)claim!["status"]!));
        Assert.Equal(research["claims"]!.AsArray().Select(claim => (string)claim!["quote"]!).Order(), fromStage["claims"]!.AsArray().Select(claim => (string)claim!["quote"]!).Order());
    }

    [Fact]
    public async Task Search_results_and_pages_become_facts_merged_by_address()
    {
        var data = (JsonObject)JsonNode.Parse("""
            {"duckduckgo_search": {"query": "canals", "results": [{"title": "Canals", "url": "https://www.example.org/canals/?utm_source=x", "snippet": "Canals carried most freight before the railways came."}]},
             "playwright_crawl": {"content": [{"url": "https://example.org/canals", "title": "Canals", "content": "Canals carried most freight before the railways came. The longest canal in the country measured two hundred and twenty kilometres."}]}}
            """)!;
        var draft = await DraftAsync(null, new() { ["docId"] = "d", ["research_data"] = data });
        Assert.Single(draft["research_sources"]!.AsArray());
        Assert.Contains("two hundred and twenty", (string)draft["content"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Same_input_gives_the_same_bytes()
    {
        var (store, id, research) = await ResearchedAsync();
        var input = new JsonObject { ["docId"] = id, ["research_data"] = new JsonObject { ["gpt_researcher"] = research } };
        Assert.Equal((await DraftAsync(store, (JsonObject)input.DeepClone())).ToJsonString(), (await DraftAsync(store, input)).ToJsonString());
    }

    [Fact]
    public async Task Too_little_material_is_a_shorter_draft_with_a_warning()
    {
        var (store, id, research) = await ResearchedAsync();
        var draft = await DraftAsync(store, new() { ["docId"] = id, ["research_data"] = new JsonObject { ["gpt_researcher"] = research }, ["target_length"] = 3000 });
        Assert.Contains(draft["warnings"]!.AsArray(), warning => ((string)warning!).Contains("not padded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_facts_the_draft_fails_and_names_the_empty_inputs()
    {
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => DraftAsync(null, new() { ["docId"] = "d", ["research_data"] = new JsonObject { ["gpt_researcher"] = new JsonObject { ["results"] = new JsonArray() }, ["other"] = null } }));
        Assert.False(error.Retryable);
        Assert.Contains("gpt_researcher", error.Message, StringComparison.Ordinal);
        Assert.Contains("other: no output", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Through_a_model_only_known_citations_and_true_quotations_survive()
    {
        var (store, id, research) = await ResearchedAsync();
        await using var server = new LoopbackServer(request => Reply.Json(new JsonObject
        {
            ["model"] = "small",
            ["choices"] = new JsonArray(new JsonObject { ["message"] = new JsonObject { ["content"] = Answer((string)JsonNode.Parse(request.Body)!["messages"]![0]!["content"]!) }, ["finish_reason"] = "stop" }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 10, ["completion_tokens"] = 5 },
        }.ToJsonString()));
        var draft = await DraftAsync(store, new() { ["docId"] = id, ["research_data"] = new JsonObject { ["gpt_researcher"] = research }, ["llmProvider"] = "local", ["target_length"] = 200 }, server);

        var content = (string)draft["content"]!;
        Assert.Equal("llm", (string)draft["metadata"]!["method"]!);
        Assert.Contains("The canal was handed to Panama on the last day of 1999 [1].", content, StringComparison.Ordinal);
        Assert.DoesNotContain("[77]", content, StringComparison.Ordinal);
        Assert.DoesNotContain("“the canal was sold to a circus in 1950”", content, StringComparison.Ordinal);
        Assert.Contains(draft["warnings"]!.AsArray(), warning => ((string)warning!).Contains("taken out", StringComparison.Ordinal));
        Assert.Contains(draft["claims"]!.AsArray(), claim => (string)claim!["status"]! == "verified");
        Assert.Contains(draft["claims"]!.AsArray(), claim => (string)claim!["status"]! == "unsupported");
        Assert.True((long)draft["usage"]!["tokens"]! >= 60);
        Assert.Equal("A canal and the hands it passed through", (string)draft["title"]!);

        static string Answer(string prompt) => prompt.Contains("Give one title", StringComparison.Ordinal) ? "\"A canal and the hands it passed through\""
            : prompt.Contains("<facts>", StringComparison.Ordinal) ? "## Heading\n\nThe canal was handed to Panama on the last day of 1999 [1]. Elephants once dug quietly beneath purple mountains [1]. Others say “the canal was sold to a circus in 1950” [77]."
            : "A paragraph of the frame.";
    }

    [Theory]
    [InlineData("Tribute or warships: what the sources say", 7, "Algiers", "Tunis", "Tripoli", "Tribute and Treaty")]
    [InlineData("Where was the president shot, and what did his successor say about…", 1, "Where Was the President Shot")]
    [InlineData("Q", 1, "More")]
    [InlineData("Draft", 120)]
    [InlineData("A question that is exactly as long as the title of a draft may be: here", 12, "Kennedy", "Obama", "Eisenhower", "Roosevelt", "Washington", "Jefferson")]
    public void A_description_is_one_sentence_of_the_right_length(string title, int sources, params string[] headings)
    {
        var description = Titles.Description(title, headings, sources);
        Assert.InRange(description.Length, 120, 160);
        Assert.EndsWith(".", description, StringComparison.Ordinal);
        Assert.DoesNotContain('…', description);
        Assert.DoesNotContain(';', description);
    }

    [Fact]
    public void Tags_are_names_and_nouns_of_keywords_document_and_headings()
    {
        const string body = "Four presidents reported to Congress about the corsairs of Tripoli. What did they pay, what did they build, and when did the answer change?";
        var tags = Tags.Choose(["tripoli", "congress", "presidents reported", "corsairs", "pay", "build", "answer"], ["navy"], ["Tunis", "Tribute and Treaty", "War Ships"], "# Draft", body, "en");
        Assert.Equal(["tripoli", "congress", "corsairs", "answer", "navy", "tunis", "war ships"], tags);
    }

    [Fact]
    public async Task The_headings_of_the_research_are_the_headings_of_the_draft()
    {
        var data = (JsonObject)JsonNode.Parse("""
            {"gpt_researcher": {"query": "Who ruled Tunis and Tripoli?", "sources": [{"id": 1, "title": "A", "url": "doc:a"}],
             "claims": [{"text": "t", "quote": "The Bey of Tunis ruled the city.", "citations": [1], "status": "verified"}, {"text": "t", "quote": "The Bashaw ruled the port of Tripoli.", "citations": [1], "status": "verified"}],
             "sub_queries": [{"query": "Tunis", "heading": "Tunis", "claims": [0]}, {"query": "the port", "heading": "The Port", "claims": [1]}]}}
            """)!;
        var draft = await DraftAsync(null, new() { ["docId"] = "d", ["research_data"] = data });
        Assert.Equal(["Tunis", "The Port"], draft["outline"]!.AsArray().Select(entry => (string)entry!["heading"]!));
    }

    [Theory]
    [InlineData("""{"docId": "d"}""", "research_data")]
    [InlineData("""{"research_data": {}}""", "docId")]
    [InlineData("""{"docId": "d", "research_data": {}, "target_length": 5}""", "target_length")]
    public async Task Wrong_input_is_terminal_and_named(string input, string named)
    {
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => DraftAsync(null, (JsonObject)JsonNode.Parse(input)!));
        Assert.False(error.Retryable);
        Assert.Contains($"'{named}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# A\n\n# B\n\ntext", "2 headings of level 1")]
    [InlineData("# A\n\ntext\n\n### C\n\ntext", "skips a level")]
    [InlineData("# A\n\ntext\n\n## B\n\n## C\n\ntext", "'B' is empty")]
    [InlineData("# A\n\ntext [9]", "[9] names no source")]
    [InlineData("# A\n\nThis is a paragraph that is written twice, word for word.\n\nThis is a paragraph that is written twice, word for word.", "repeated")]
    public void Checks_find_what_is_wrong(string markdown, string problem) => Assert.Contains(MarkdownChecks.Check(markdown, 1), found => found.Contains(problem, StringComparison.Ordinal));

    private static async Task<(MemoryDocuments Store, string Id, JsonObject Research)> ResearchedAsync()
    {
        var store = new MemoryDocuments();
        var id = store.Add("What became of the Panama canal", "");
        store.Add("Canal history", Canal);
        store.Add("Cheese", "A wheel of mountain cheese ripens for twelve months in a cool cellar, and it is turned every week.");
        var context = new TestTask(new() { ["query"] = "When was the Panama canal handed over?", ["docId"] = id, ["sources"] = "local", ["max_results"] = 1 });
        var task = new ResearchTask(
            new LocalSources("/", store), new WebSources(_ => throw new InvalidOperationException("no web")), _ => TestGateways.For(null, "/"), null, TestModels.Find, offline: true, TimeProvider.System);
        return (store, id, TestTask.Output(await task.ResearchAsync(context.InputAs<ResearchInput>(), context)));
    }

    private static async Task<JsonObject> DraftAsync(MemoryDocuments? store, JsonObject input, LoopbackServer? server = null)
    {
        using var cache = new TemporaryFolder();
        var time = new FakeTimeProvider(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var context = new TestTask(input);
        return TestTask.Output(await new DraftTask(store, new LlmDraft(TestGateways.For(server, cache.Path), PromptLibrary.Shipped), null, time).DraftAsync(context.InputAs<DraftInput>(), context));
    }
}
