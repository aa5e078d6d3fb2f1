using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Pipeline;
using Idflow.Pipeline.Config;
using Idflow.Workers.Discovery;
using Idflow.Workers.Testing;

namespace Idflow.Tasks.Tests;

public sealed class BuiltInTasksTests
{
    [Fact]
    public void All_tasks_register_with_their_input_and_output_keys()
    {
        using var folder = new TemporaryFolder();
        using var tasks = BuiltInTasks.Create(new() { ProjectFolder = folder.Path, CacheFolder = Path.Combine(folder.Path, "cache"), Documents = new MemoryDocuments() });
        var registry = new WorkerRegistry();
        tasks.Register(registry);
        Assert.Equal(
            ["create_blog_post_draft", "duckduckgo_search", "duckduckgo_serp", "gpt_researcher", "keyword_extract", "llm_text_complete", "playwright_crawl"],
            registry.Definitions.Select(definition => definition.Name!).Order());
        var research = registry.Find("gpt_researcher")!.Definition;
        Assert.Contains("max_results", research.InputKeys);
        Assert.Contains("confidence_score", research.OutputKeys);
        Assert.All(registry.Definitions, definition => Assert.False(string.IsNullOrEmpty(definition.Description)));
    }

    [Fact]
    public void Settings_come_from_the_project_and_keys_from_the_environment()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config/idflow.yml", """
            offline: true
            llm:
              provider: local
              providers:
                local: {kind: ollama, base_url: "http://localhost:1/v1", model: small, requests_per_minute: 30}
                cloud: {kind: openai, api_key_env_var: CLOUD_KEY, model: big, prompt_price: 2.5, completion_price: 10}
            search:
              providers: [local, searxng]
              searxng: {url: "http://localhost:2"}
              duckduckgo: {ignore_robots: true, per_10_minutes: 5}
            crawl: {allow_hosts: ["intranet:8080"], delay_s: 0.5}
            """);
        var options = ProjectTaskOptions.From(Load(folder), null, null, name => name == "CLOUD_KEY" ? " sk-1 \n" : null);
        Assert.True(options.Offline);
        Assert.Equal("local", options.DefaultLlmProvider);
        Assert.Equal(("sk-1", 2.5, "big"), (options.LlmProviders["cloud"].ApiKey, options.LlmProviders["cloud"].PromptPrice, options.LlmProviders["cloud"].Model));
        Assert.Equal((30, (string?)null), (options.LlmProviders["local"].RequestsPerMinute, options.LlmProviders["local"].ApiKey));
        Assert.Equal(["local", "searxng"], options.Search.Providers);
        Assert.Equal((true, 5, "http://localhost:2"), (options.Search.IgnoreDuckDuckGoRobots, options.Search.DuckDuckGoPerTenMinutes, options.Search.SearxngUrl));
        Assert.Equal(TimeSpan.FromSeconds(0.5), options.Crawl.Delay);
        Assert.DoesNotContain("sk-1", options.LlmProviders["cloud"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_settings_are_reported_together_with_their_places()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config/idflow.yml", """
            search:
              provider: [local]
              duckduckgo: {layout: wide}
            crawl:
              delay_s: soon
            """);
        var error = Assert.Throws<DefinitionException>(() => ProjectTaskOptions.From(Load(folder), null, null, _ => null));
        Assert.Equal(3, error.Errors.Count);
        Assert.Contains("config/idflow.yml:2:3: 'search.provider' is not known; did you mean 'providers'?", error.Message, StringComparison.Ordinal);
        Assert.Contains("'search.duckduckgo.layout' must be one of html, lite", error.Message, StringComparison.Ordinal);
        Assert.Contains("'crawl.delay_s' must be a number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_runs_them_with_its_own_binding_from_research_to_draft()
    {
        using var folder = new TemporaryFolder();
        var store = new MemoryDocuments();
        var asking = store.Add("What became of the canal", "");
        store.Add("Canal history", "The canal was handed to Panama on the last day of 1999. Ships of 300 metres pass its locks.");
        using var tasks = BuiltInTasks.Create(new() { ProjectFolder = folder.Path, CacheFolder = Path.Combine(folder.Path, "cache"), Documents = store, Offline = true });
        var registry = new WorkerRegistry();
        tasks.Register(registry);
        var environment = new TaskEnvironment(registry);

        var research = await environment.RunAsync("gpt_researcher", new() { ["query"] = "When was the canal handed to Panama?", ["docId"] = asking, ["sources"] = "local", ["max_results"] = "2", ["language"] = null });
        Assert.Equal(TaskResultStatus.COMPLETED, research.Status);
        var draft = await environment.RunAsync("create_blog_post_draft", new() { ["docId"] = asking, ["research_data"] = new JsonObject { ["gpt_researcher"] = research.Output.DeepClone() }, ["target_length"] = 100 });
        Assert.Equal(TaskResultStatus.COMPLETED, draft.Status);
        Assert.Contains("last day of 1999", (string)draft.Output["content"]!, StringComparison.Ordinal);

        var search = await environment.RunAsync("duckduckgo_search", new() { ["query"] = "canal", ["docId"] = asking });
        Assert.Equal(TaskResultStatus.FAILED_WITH_TERMINAL_ERROR, search.Status);
        Assert.Contains("offline", search.Reason!, StringComparison.Ordinal);
        Assert.Single((await environment.RunAsync("duckduckgo_search", new() { ["query"] = "canal", ["docId"] = asking, ["providers"] = new JsonArray("local") })).Output["results"]!.AsArray());
    }

    private static ProjectConfig Load(TemporaryFolder folder) => ProjectConfigLoader.Load(folder.Path, new());
}
