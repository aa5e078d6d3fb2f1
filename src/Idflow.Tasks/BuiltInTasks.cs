using System.Collections.Concurrent;
using Idflow.Tasks.Common;
using Idflow.Tasks.Draft;
using Idflow.Tasks.Embeddings;
using Idflow.Tasks.Keywords;
using Idflow.Tasks.Llm;
using Idflow.Tasks.Research;
using Idflow.Tasks.Research.Sources;

namespace Idflow.Tasks;

/// <summary>The built-in tasks of a project: objects with <c>[WorkerTask]</c> methods for a worker host. Dispose after the host has stopped.</summary>
public sealed class BuiltInTasks : IDisposable
{
    private readonly EmbedderSource _embedders;
    private readonly HttpClient _llmClient = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(10), ConnectTimeout = TimeSpan.FromSeconds(10) }) { Timeout = Timeout.InfiniteTimeSpan };

    private BuiltInTasks(BuiltInTaskOptions options)
    {
        _embedders = new(options.ModelFolders, options.Time);
        var kept = new ConcurrentDictionary<string, VectorCache>();
        var prompts = new PromptLibrary(options.FindPrompt, options.PromptNames);
        var gateway = new LlmGateway(
            options.LlmProviders, new ChatClient(_llmClient, options.Offline, options.Time), new AnswerStore(Path.Combine(options.CacheFolder, "llm"), options.Time),
            new RateGate(Path.Combine(options.CacheFolder, "gates"), options.Time), options.Time, new Random());
        Instances =
        [
            new KeywordTask(_embedders.Find, options.Documents),
            new ResearchTask(new LocalSources(options.ProjectFolder, options.Documents), name => _embedders.Find(name) is { } model ? kept.GetOrAdd(model.Name, _ => new VectorCache(model, options.CacheFolder)) : null, options.Offline, options.Time),
            new DraftTask(options.Documents, new LlmDraft(gateway, prompts), options.DefaultLlmProvider, options.Time),
            new LlmTask(gateway, new LlmRequestBuilder(gateway, prompts, options.DefaultLlmProvider)),
        ];
    }

    /// <summary>The objects to hand to the worker host.</summary>
    public IReadOnlyList<object> Instances { get; }

    public static BuiltInTasks Create(BuiltInTaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(options);
    }

    public void Dispose()
    {
        _embedders.Dispose();
        _llmClient.Dispose();
    }
}
