using System.Collections.Concurrent;
using Idflow.Tasks.Common;
using Idflow.Tasks.Draft;
using Idflow.Tasks.Embeddings;
using Idflow.Tasks.Keywords;
using Idflow.Tasks.Llm;
using Idflow.Tasks.Research;
using Idflow.Tasks.Research.Sources;
using Idflow.Tasks.Search;
using Idflow.Tasks.StageTasks;
using Idflow.Tasks.Web;
using Idflow.Workers.Discovery;

namespace Idflow.Tasks;

/// <summary>The built-in tasks of a project: objects with <c>[WorkerTask]</c> methods for a worker host. Dispose after the host has stopped.</summary>
public sealed class BuiltInTasks : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    private BuiltInTasks(BuiltInTaskOptions options)
    {
        var embedders = Own(new EmbedderSource(options.ModelFolders, options.Time));
        var gates = new RateGate(Path.Combine(options.CacheFolder, "gates"), options.Time);
        var online = options.Offline ? null : Gateway(options, gates, offline: false);
        var alone = Gateway(options, gates, offline: true);
        var gateway = online ?? alone;
        var prompts = new PromptLibrary(options.FindPrompt, options.PromptNames);
        var web = options.Offline ? null : Web(options, gates, offline: false);
        var kept = Web(options, gates, offline: true);
        WebServices Services(bool offline) => offline ? kept : web ?? kept;
        var vectors = new ConcurrentDictionary<string, VectorCache>();
        ITextEmbedder? FindKept(string name) => embedders.Find(name) is { } model ? vectors.GetOrAdd(model.Name, _ => new(model, options.CacheFolder)) : null;
        Instances =
        [
            new KeywordTask(embedders.Find, options.Documents),
            new ResearchTask(new LocalSources(options.ProjectFolder, options.Documents), new WebSources(Services), offline => offline ? alone : gateway, options.DefaultLlmProvider, FindKept, options.Offline, options.Time),
            new DraftTask(options.Documents, new LlmDraft(gateway, prompts), options.DefaultLlmProvider, options.Time),
            new LlmTask(gateway, new LlmRequestBuilder(gateway, prompts, options.DefaultLlmProvider)),
            new SearchTask(Services, options.Time),
            .. options is { Documents: { } documents, Evaluator: { } evaluator } ? new object[] { new StageTask(documents, evaluator) } : [],
        ];
    }

    /// <summary>The objects to hand to the worker host.</summary>
    public IReadOnlyList<object> Instances { get; }

    public static BuiltInTasks Create(BuiltInTaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(options);
    }

    /// <summary>Adds all of them to a registry.</summary>
    public void Register(WorkerRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        foreach (var instance in Instances)
        {
            registry.AddInstance(instance);
        }
    }

    public void Dispose() => _owned.AsEnumerable().Reverse().ToList().ForEach(owned => owned.Dispose());

    private LlmGateway Gateway(BuiltInTaskOptions options, RateGate gates, bool offline)
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(10), ConnectTimeout = TimeSpan.FromSeconds(10), AllowAutoRedirect = false };
        var http = Own(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan });
        return new(options.LlmProviders, new ChatClient(http, offline, options.Time), new AnswerStore(Path.Combine(options.CacheFolder, "llm"), options.Time), gates, options.Time, new Random());
    }

    private WebServices Web(BuiltInTaskOptions options, RateGate gates, bool offline)
    {
        var http = new HttpFetcher(Own(new HttpMessageInvoker(SafeHttp.CreateHandler(options.Crawl))), options.Crawl, offline, options.Time);
        var pages = Own(new PageFetcher(http, options.Crawl, new AnswerStore(Path.Combine(options.CacheFolder, "pages"), options.Time), offline, options.Time));
        List<ISearchProvider> providers = [new DuckDuckGoProvider(http, pages, gates, new Cooldown(gates, options.Time), options.Search, options.CacheFolder, options.Time)];
        if (options.Search.SearxngUrl is { } searxng)
        {
            providers.Add(new SearxngProvider(http, searxng));
        }

        if (options.Documents is { } documents)
        {
            providers.Add(new LocalIndexProvider(documents));
        }

        if (options.Search.RecordedFolder is { } recorded)
        {
            providers.Add(new RecordedProvider(new AnswerStore(recorded, options.Time)));
        }

        var answers = new AnswerStore(Path.Combine(options.CacheFolder, "search"), options.Time);
        return new(new(providers.ToDictionary(provider => provider.Name, StringComparer.Ordinal), options.Search.Providers, answers, offline, options.Time), new(pages));
    }

    private T Own<T>(T disposable)
        where T : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }
}
