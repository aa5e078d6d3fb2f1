using System.Text.Json.Nodes;
using Idflow.Tasks.Research;
using Idflow.Tasks.Research.Sources;
using Idflow.Workers;

namespace Idflow.Tasks.Tests.Research;

public sealed class ResearchTaskTests
{
    private const string Lighthouse = """
        # The lighthouse at Skerryvore

        The lighthouse at Skerryvore was built between 1838 and 1844 by Alan Stevenson. It stands 48 metres tall on a reef far from any harbour.
        Granite blocks of up to three tonnes were shipped from the island of Mull. The lamp was first lit on the first of February 1844.

        ## Keepers

        Three keepers lived in the tower for six weeks at a time. Their families stayed on Tiree. A supply boat came when the sea allowed it.
        """;

    private const string Bees = """
        Honey bees keep the brood at about 35 degrees. Workers fan their wings when the hive becomes too hot.
        In winter the colony forms a cluster and eats the honey that it stored in summer. A strong colony needs about 20 kilograms of honey for the winter.
        """;

    private const string Bread = "Sourdough bread rises with wild yeast. The dough rests for twelve hours before it is baked. A hot stone gives the crust its colour.";

    [Theory]
    [InlineData("all-MiniLM-L6-v2")]
    [InlineData("none")]
    public async Task A_question_is_answered_with_exact_quotations_of_the_right_document(string model)
    {
        var store = Store(out var asking);
        var output = await RunAsync(store, new() { ["query"] = "Who built the lighthouse at Skerryvore, and when was its lamp first lit?", ["docId"] = asking, ["sources"] = "local", ["embedding_model"] = model });

        Assert.Equal("extractive", (string)output["method"]!);
        Assert.Equal("The lighthouse", (string)output["results"]![0]!["title"]!);
        var quotes = output["claims"]!.AsArray();
        Assert.Contains(quotes, claim => ((string)claim!["quote"]!).Contains("Alan Stevenson", StringComparison.Ordinal));
        Assert.Contains(quotes, claim => ((string)claim!["quote"]!).Contains("first of February 1844", StringComparison.Ordinal));
        Assert.All(quotes, claim => Assert.Equal("verified", (string)claim!["status"]!));
        Assert.Equal(1, (double)output["citation_precision"]!);
        Assert.InRange((double)output["confidence_score"]!, 0.2, 1);
        var texts = output["files"]!.AsArray().ToDictionary(file => (string)file!["url"]!, file => (string)file!["body"]!);
        foreach (var claim in quotes)
        {
            var source = output["sources"]!.AsArray().Single(entry => (int)entry!["id"]! == (int)claim!["citations"]![0]!)!;
            Assert.Equal(QuoteStatus.Verified, new QuoteVerifier(texts[(string)source["url"]!]).Check((string)claim!["quote"]!));
        }
    }

    [Fact]
    public async Task The_report_reads_back_as_the_same_quotations_and_sources()
    {
        var store = Store(out var asking);
        var output = await RunAsync(store, new() { ["query"] = "How do honey bees get through the winter?", ["docId"] = asking, ["sources"] = "local" });
        var report = (string)output["report"]!;
        Assert.StartsWith("# How do honey bees", report, StringComparison.Ordinal);
        Assert.Equal(output["claims"]!.AsArray().Select(claim => (string)claim!["quote"]!), ReportFormat.ReadQuotes(report).Select(quote => quote.Quote));
        Assert.Equal(output["sources"]!.AsArray().Select(source => ((int)source!["id"]!, (string)source["url"]!)), ReportFormat.ReadSources(report).Select(source => (source.Id, source.Url)));
    }

    [Fact]
    public async Task A_question_that_the_sources_do_not_speak_of_gets_no_confident_answer()
    {
        var store = Store(out var asking);
        foreach (var model in new[] { "all-MiniLM-L6-v2", "none" })
        {
            var output = await RunAsync(store, new() { ["query"] = "What is the market price of cryptocurrency tokens in Singapore?", ["docId"] = asking, ["sources"] = "local", ["embedding_model"] = model });
            Assert.Equal(0, (double)output["confidence_score"]!);
            Assert.Contains("hold no answer", (string)output["summary"]!, StringComparison.Ordinal);
            Assert.Contains("hold no answer", (string)output["report"]!, StringComparison.Ordinal);
            Assert.All(output["sub_queries"]!.AsArray(), part => Assert.False((bool)part!["answered"]!));
        }
    }

    [Theory]
    [InlineData("all-MiniLM-L6-v2")]
    [InlineData("none")]
    public async Task What_is_said_of_others_is_no_confident_answer_about_someone(string model)
    {
        var store = Store(out var asking);
        store.Add("The emperor", "Emperor Bonaparte liked plain food. Nobody knows which bread Bonaparte ate on his island far from any harbour.");
        var (known, other) = (await ConfidenceAsync("When was the lighthouse built on a reef by Stevenson?"), await ConfidenceAsync("When was the lighthouse built on a reef by Bonaparte?"));
        Assert.True(known > 0.2, $"{known}");
        Assert.Equal(0, other);

        async Task<double> ConfidenceAsync(string query) =>
            (double)(await RunAsync(store, new() { ["query"] = query, ["docId"] = asking, ["sources"] = "local", ["embedding_model"] = model }))["confidence_score"]!;
    }

    [Theory]
    [InlineData("all-MiniLM-L6-v2")]
    [InlineData("none")]
    public async Task Each_part_quotes_sentences_that_hold_its_name_and_no_fact_twice(string model)
    {
        var store = new MemoryDocuments();
        var asking = store.Add("A question", "");
        store.Add("1804-treaties", "The ships of war were sent against the harbour town. The Bey of Tunis asked for a frigate and for cables. Trade with the coast grew in that year. Some ships of war went home in spring.");
        store.Add("1805-peace", "Peace with Tripoli was made after the ships of war had come. The prisoners of Tripoli were set free in June. Peace with Tripoli was made after ships of war had come there. The crew was paid.");
        var output = await RunAsync(store, new() { ["query"] = "How did ships of war deal with Tunis and Tripoli?", ["docId"] = asking, ["sources"] = "local", ["embedding_model"] = model });
        var parts = output["sub_queries"]!.AsArray();
        Assert.Equal(["Tunis", "Tripoli"], parts.Select(part => (string)part!["heading"]!));
        var quotes = parts.Select(part => part!["claims"]!.AsArray().Select(claim => (string)output["claims"]![(int)claim!]!["quote"]!).ToList()).ToList();
        Assert.Contains("Tunis", quotes[0][0], StringComparison.Ordinal);
        Assert.Contains("Tripoli", quotes[1][0], StringComparison.Ordinal);
        Assert.Single(quotes[1], quote => quote.StartsWith("Peace with Tripoli", StringComparison.Ordinal));
        Assert.Equal(["Treaties, 1804", "Peace, 1805"], output["sources"]!.AsArray().Select(source => (string)source!["title"]!));
    }

    [Theory]
    [InlineData("all-MiniLM-L6-v2")]
    [InlineData("none")]
    public async Task A_part_whose_name_no_source_holds_is_not_answered_by_the_rest(string model)
    {
        var store = Store(out var asking);
        var output = await RunAsync(store, new() { ["query"] = "Who built the lighthouses at Skerryvore and Eddystone?", ["docId"] = asking, ["sources"] = "local", ["embedding_model"] = model });
        Assert.Equal([true, false], output["sub_queries"]!.AsArray().Select(part => (bool)part!["answered"]!));
        Assert.Contains("They do not mention: Eddystone.", (string)output["report"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_sources_give_the_same_report()
    {
        var store = Store(out var asking);
        var input = new JsonObject { ["query"] = "How tall is the lighthouse?", ["docId"] = asking, ["sources"] = "local" };
        Assert.Equal((string)(await RunAsync(store, (JsonObject)input.DeepClone()))["report"]!, (string)(await RunAsync(store, input))["report"]!);
    }

    [Fact]
    public async Task Files_of_the_document_come_before_the_other_documents()
    {
        var store = Store(out var asking);
        await store.AddFileAsync(asking, "notes", "tides.md", new MemoryStream("# Tides\n\nThe spring tide at the pier reaches five metres in March."u8.ToArray()));
        var output = await RunAsync(store, new() { ["query"] = "How high is the spring tide?", ["docId"] = asking, ["sources"] = "local" });
        Assert.Equal([$"doc:{asking}/tides.md"], output["results"]!.AsArray().Select(result => (string)result!["source"]!));
    }

    [Fact]
    public async Task A_folder_of_the_project_is_read_and_one_outside_is_refused()
    {
        using var project = new TemporaryFolder();
        project.Write("notes/a.txt", "The ferry to Islay takes two hours and twenty minutes in calm weather.");
        project.Write("notes/b.bin", "\0\u0001");
        var output = await RunAsync(null, new() { ["query"] = "How long does the ferry to Islay take?", ["docId"] = "d", ["sources"] = "local", ["docs_path"] = "notes" }, project.Path);
        Assert.Contains("two hours and twenty minutes", (string)output["report"]!, StringComparison.Ordinal);
        Assert.Equal("notes/b.bin", (string)output["skipped"]![0]!["url"]!);
        Assert.Equal(["notes/a.txt"], output["sources"]!.AsArray().Select(source => (string)source!["url"]!));

        foreach (var outside in new[] { "../", "/etc", "notes/../../x" })
        {
            var error = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(null, new() { ["query"] = "q", ["docId"] = "d", ["sources"] = "local", ["docs_path"] = outside }, project.Path));
            Assert.False(error.Retryable);
            Assert.Contains("leaves the project", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_empty_folder_is_an_error_and_not_an_empty_answer()
    {
        using var project = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(project.Path, "empty"));
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(null, new() { ["query"] = "q", ["docId"] = "d", ["sources"] = "local", ["docs_path"] = "empty" }, project.Path));
        Assert.Contains("holds no text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invisible_characters_in_a_source_are_taken_out_before_it_is_quoted()
    {
        var store = new MemoryDocuments();
        var asking = store.Add("Question", "");
        store.Add("Trap", "The harbour master\u200B counts\u202E the ships at\u0007 dawn on every single day of the year.");
        var output = await RunAsync(store, new() { ["query"] = "When does the harbour master count the ships?", ["docId"] = asking, ["sources"] = "local" });
        Assert.Contains("The harbour master counts the ships at dawn", (string)output["claims"]![0]!["quote"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"docId": "d"}""", "query")]
    [InlineData("""{"query": "q"}""", "docId")]
    [InlineData("""{"query": "q", "docId": "d", "research_depth": "deepest"}""", "research_depth")]
    [InlineData("""{"query": "q", "docId": "d", "sources": "nowhere"}""", "sources")]
    [InlineData("""{"query": "q", "docId": "d", "max_results": 0}""", "max_results")]
    [InlineData("""{"query": "q", "docId": "d", "budget": {"seconds": -1}}""", "budget.seconds")]
    public async Task Wrong_input_is_terminal_and_named(string input, string named)
    {
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(Store(out _), (JsonObject)JsonNode.Parse(input)!));
        Assert.False(error.Retryable);
        Assert.Contains($"'{named}'", error.Message, StringComparison.Ordinal);
    }

    private static MemoryDocuments Store(out string asking)
    {
        var store = new MemoryDocuments();
        asking = store.Add("A question", "What do the documents say?");
        store.Add("The lighthouse", Lighthouse);
        store.Add("Bees", Bees, ("author", "A. Keeper"));
        store.Add("Bread", Bread);
        return store;
    }

    private static async Task<JsonObject> RunAsync(MemoryDocuments? store, JsonObject input, string project = "/")
    {
        var context = new TestTask(input);
        var task = new ResearchTask(
            new LocalSources(project, store), new WebSources(_ => throw new InvalidOperationException("no web")), _ => TestGateways.For(null, project), null, TestModels.Find, offline: true, TimeProvider.System);
        return TestTask.Output(await task.ResearchAsync(context.InputAs<ResearchInput>(), context));
    }
}
