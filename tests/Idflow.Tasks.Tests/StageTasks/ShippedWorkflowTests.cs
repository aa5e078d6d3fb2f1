using System.Text.Json.Nodes;
using Idflow.Documents.Model;
using Idflow.Documents.Query;
using Idflow.Workers;

namespace Idflow.Tasks.Tests.StageTasks;

/// <summary>The shipped stages and workflows with stand-ins for the research, search, keyword and draft tasks.</summary>
public sealed class ShippedWorkflowTests
{
    [Fact]
    public async Task An_idea_is_researched_and_then_drafted()
    {
        var tasks = new StandIns();
        await using var pipeline = await PipelineFixture.StartAsync(tasks);
        var id = await pipeline.AddAsync("Some text.", ("kind", "blog_post_idea"), ("title", "Pirates"), ("target_length", 600L));
        Assert.Equal((StageStatus.Done, null), await StateAsync(pipeline, id, "research_blog_post_ideas"));
        var research = await pipeline.Store.GetResultAsync(id, "research_blog_post_ideas", 1, "research_topic");
        Assert.Equal("# Report\n\nA claim [1].\n", research!.Body);
        Assert.Equal("Research: Pirates", research.Properties["title"]);
        Assert.Equal("""[{"text":"A claim","quote":"said so","citations":[1],"status":"verified"}]""", PropertyJson.Write(research.Properties["claims"]));
        Assert.Equal(["gpt_researcher"], (IReadOnlyList<object?>)research.Properties["methods"]!);
        Assert.Equal("the source\n", (await pipeline.Store.GetResultAsync(id, "research_blog_post_ideas", 1, "research_topic/sources/1"))!.Body);
        Assert.Equal(("Pirates", "basic", "local"), (tasks.Query, tasks.Depth, tasks.Sources));

        Assert.Equal((StageStatus.Done, null), await StateAsync(pipeline, id, "blog_post_draft"));
        var draft = await pipeline.Store.GetResultAsync(id, "blog_post_draft", 1, "blog_post_draft");
        Assert.Equal("# Draft\n", draft!.Body);
        Assert.Equal(["pirates", "treaty"], (IReadOnlyList<object?>)draft.Properties["keywords"]!);
        Assert.Equal((id, 600, "pirates,treaty"), (tasks.ResearchData, tasks.TargetLength, tasks.Keywords));
    }

    [Fact]
    public async Task A_web_search_adds_what_it_found()
    {
        await using var pipeline = await PipelineFixture.StartAsync(new StandIns());
        var id = await pipeline.AddAsync("# The question\n\nMore.", ("kind", "blog_post_idea"), ("web_search", true), ("research_sources", "hybrid"));
        Assert.Equal((StageStatus.Done, null), await StateAsync(pipeline, id, "research_blog_post_ideas"));
        var research = await pipeline.Store.GetResultAsync(id, "research_blog_post_ideas", 1, "research_topic");
        Assert.Contains("## Found on the web\n\n- [A page](http://example.com/a): It says.\n", research!.Body, StringComparison.Ordinal);
        Assert.Equal("Research: The question", research.Properties["title"]);
        Assert.Equal(["gpt_researcher", "duckduckgo_serp"], (IReadOnlyList<object?>)research.Properties["methods"]!);
    }

    [Fact]
    public async Task A_web_search_that_fails_does_not_fail_the_research()
    {
        await using var pipeline = await PipelineFixture.StartAsync(new StandIns { WebFails = true });
        var id = await pipeline.AddAsync("", ("kind", "blog_post_idea"), ("title", "Pirates"), ("web_search", true));
        Assert.Equal((StageStatus.Done, null), await StateAsync(pipeline, id, "research_blog_post_ideas"));
    }

    [Fact]
    public async Task A_document_without_a_topic_is_blocked_with_the_reason()
    {
        await using var pipeline = await PipelineFixture.StartAsync(new StandIns());
        var id = await pipeline.AddAsync("", ("kind", "blog_post_idea"));
        var (status, reason) = await StateAsync(pipeline, id, "research_blog_post_ideas");
        Assert.Equal(StageStatus.Blocked, status);
        Assert.Contains("There is nothing to research", reason, StringComparison.Ordinal);
    }

    private static async Task<(StageStatus, string?)> StateAsync(PipelineFixture pipeline, string id, string stage)
    {
        var run = await pipeline.ClosedAsync(id, stage);
        return (run.Status, run.Reason);
    }

    internal sealed class StandIns
    {
        public bool WebFails { get; init; }

        public string? Query { get; private set; }

        public string? Depth { get; private set; }

        public string? Sources { get; private set; }

        public string? ResearchData { get; private set; }

        public int? TargetLength { get; private set; }

        public string? Keywords { get; private set; }

        [WorkerTask("gpt_researcher", RetryCount = 0)]
        public JsonObject Research(string query, string docId, string research_depth, string sources)
        {
            (Query, Depth, Sources) = (query, research_depth, sources);
            return JsonNode.Parse("""
                {"report": "# Report\n\nA claim [1].", "method": "extractive", "depth": "basic", "confidence_score": 0.5, "citation_precision": 1.0, "stopped_by": "done",
                 "sources": [{"id": 1, "title": "S", "url": "doc:1", "sha256": "00", "cited": true}],
                 "claims": [{"text": "A claim", "quote": "said so", "citations": [1], "status": "verified"}],
                 "files": [{"name": "sources/1", "title": "S", "body": "the source"}]}
                """)!.AsObject();
        }

        [WorkerTask("duckduckgo_serp", RetryCount = 0)]
        public JsonObject Search(string query, string docId) => WebFails
            ? throw TaskFailedException.Terminal("blocked")
            : JsonNode.Parse("""{"results": [{"title": "A [page]", "url": "http://example.com/a", "snippet": "It\nsays."}]}""")!.AsObject();

        [WorkerTask("keyword_extract", RetryCount = 0)]
        public static JsonObject Extract(string docId, int top_n, string phrases) => JsonNode.Parse("""{"result": [["pirates", 0.9], ["treaty", 0.8]]}""")!.AsObject();

        [WorkerTask("create_blog_post_draft", RetryCount = 0)]
        public JsonObject Draft(string docId, JsonArray research_data, IReadOnlyList<string> keywords, string? style, int? target_length)
        {
            (ResearchData, TargetLength, Keywords) = ((string?)research_data[0], target_length, string.Join(",", keywords));
            return JsonNode.Parse("""{"title": "Draft", "content": "# Draft", "metadata": {"slug": "draft", "tags": ["a"], "actual_length": 1}, "warnings": [], "research_sources": []}""")!.AsObject();
        }
    }
}
