using Idflow.Documents;
using Idflow.Pipeline;
using Idflow.Pipeline.Config;
using Idflow.Pipeline.Resources;
using Idflow.Pipeline.Sources;
using Idflow.Tasks.Common;
using Idflow.Tasks.Llm;
using Idflow.Tasks.Search;
using Idflow.Tasks.Web;

namespace Idflow.Tasks;

/// <summary>The options of the built-in tasks out of a project's configuration: <c>offline</c>, <c>models_dir</c>, <c>llm</c>, <c>search</c>, <c>crawl</c>.</summary>
public static class ProjectTaskOptions
{
    /// <param name="config">The configuration.</param>
    /// <param name="documents">The project's documents.</param>
    /// <param name="resources">Where prompts come from: <c>prompts/NAME.md</c>, a version as <c>prompts/NAME.v2.md</c>.</param>
    /// <param name="variable">Reads an environment variable: the keys of language models.</param>
    /// <exception cref="DefinitionException">Settings are wrong; every one with file, line and column.</exception>
    public static BuiltInTaskOptions From(ProjectConfig config, IDocumentStore? documents, ResourceOverlay? resources, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(variable);
        List<SourceError> errors = [];
        var prompts = resources is null ? PromptLibrary.Shipped : PromptLibrary.Of(resources);
        var shipped = Path.Combine(AppContext.BaseDirectory, "models");
        var options = new BuiltInTaskOptions
        {
            ProjectFolder = config.Root,
            CacheFolder = Path.Combine(config.Root, ".idflow", "cache"),
            Documents = documents,
            Offline = config.Offline,
            ModelFolders = config.ModelsDirectory is { } models ? [Path.GetFullPath(models, config.Root), shipped] : [Path.Combine(config.Root, "models"), shipped],
            LlmProviders = config.Llm.Providers.Values.Select(block => Provider(block, config, variable, errors)).ToDictionary(provider => provider.Name, StringComparer.Ordinal),
            DefaultLlmProvider = config.Llm.Provider,
            FindPrompt = prompts.Find,
            PromptNames = prompts.Names,
            Crawl = ReadCrawl(config, errors),
            Search = ReadSearch(config, errors),
        };
        return errors.Count == 0 ? options : throw new DefinitionException(errors);
    }

    private static LlmProvider Provider(LlmProviderConfig block, ProjectConfig config, Func<string, string?> variable, List<SourceError> errors)
    {
        var reader = new SectionReader(block.Settings, $"llm.providers.{block.Name}", errors, "kind", "base_url", "api_key_env_var", "model", "requests_per_minute", "prompt_price", "completion_price", "path");
        var path = reader.Text("path");
        return new()
        {
            Name = block.Name,
            Kind = block.Kind,
            BaseUrl = path is null ? block.BaseUrl : Path.GetFullPath(path, config.Root),
            ApiKeyVariable = block.ApiKeyVariable,
            ApiKey = block.ApiKeyVariable is { } name && variable(name) is { Length: > 0 } key ? key.Trim() : null,
            Model = block.Model ?? config.Llm.Model,
            RequestsPerMinute = (int?)reader.Number("requests_per_minute", 1, 100_000),
            PromptPrice = reader.Number("prompt_price", 0, 1_000_000),
            CompletionPrice = reader.Number("completion_price", 0, 1_000_000),
        };
    }

    private static CrawlSettings ReadCrawl(ProjectConfig config, List<SourceError> errors)
    {
        var defaults = new CrawlSettings();
        var crawl = new SectionReader(config.Section("crawl"), "crawl", errors, "user_agent", "allow_hosts", "respect_robots", "delay_s", "parallel_hosts");
        return defaults with
        {
            UserAgent = crawl.Text("user_agent") ?? defaults.UserAgent,
            AllowHosts = crawl.List("allow_hosts") ?? defaults.AllowHosts,
            RespectRobots = crawl.Flag("respect_robots") ?? defaults.RespectRobots,
            Delay = crawl.Number("delay_s", 0, 3600) is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.Delay,
            ParallelHosts = (int)(crawl.Number("parallel_hosts", 1, 64) ?? defaults.ParallelHosts),
        };
    }

    private static SearchSettings ReadSearch(ProjectConfig config, List<SourceError> errors)
    {
        var defaults = new SearchSettings();
        var search = new SectionReader(config.Section("search"), "search", errors, "providers", "duckduckgo", "searxng", "recorded");
        var duck = search.Section("duckduckgo", "ignore_robots", "layout", "html_url", "lite_url", "spacing_s", "per_10_minutes");
        return defaults with
        {
            Providers = search.List("providers") ?? defaults.Providers,
            IgnoreDuckDuckGoRobots = duck.Flag("ignore_robots") ?? false,
            DuckDuckGoLayout = duck.Choice("layout", defaults.DuckDuckGoLayout, "html", "lite"),
            DuckDuckGoHtmlUrl = duck.Address("html_url") ?? defaults.DuckDuckGoHtmlUrl,
            DuckDuckGoLiteUrl = duck.Address("lite_url") ?? defaults.DuckDuckGoLiteUrl,
            DuckDuckGoSpacing = duck.Number("spacing_s", 0, 3600) is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.DuckDuckGoSpacing,
            DuckDuckGoPerTenMinutes = (int)(duck.Number("per_10_minutes", 1, 10_000) ?? defaults.DuckDuckGoPerTenMinutes),
            SearxngUrl = search.Section("searxng", "url").Address("url"),
            RecordedFolder = search.Text("recorded") is { } folder ? Path.GetFullPath(folder, config.Root) : null,
        };
    }
}
