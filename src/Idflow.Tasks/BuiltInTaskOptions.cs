using Idflow.Documents;
using Idflow.Pipeline.Evaluation;
using Idflow.Tasks.Llm;
using Idflow.Tasks.Search;
using Idflow.Tasks.Web;

namespace Idflow.Tasks;

/// <summary>What the built-in tasks need from a project; composed once per process.</summary>
public sealed record BuiltInTaskOptions
{
    /// <summary>The project folder; no task reads or writes outside it and the cache.</summary>
    public required string ProjectFolder { get; init; }

    /// <summary>Where vectors, pages and answers are kept; may be deleted at any time.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>The documents; null: tasks that read documents say so.</summary>
    public IDocumentStore? Documents { get; init; }

    /// <summary>What the stage tasks work with; null: they are left out.</summary>
    public StageEvaluator? Evaluator { get; init; }

    /// <summary>True forbids sockets, except to end points on this machine that the project names.</summary>
    public bool Offline { get; init; }

    /// <summary>Folders that hold model folders, first found wins; default: <c>models</c> beside the program.</summary>
    public IReadOnlyList<string> ModelFolders { get; init; } = [Path.Combine(AppContext.BaseDirectory, "models")];

    /// <summary>Provider blocks by name, with their keys.</summary>
    public IReadOnlyDictionary<string, LlmProvider> LlmProviders { get; init; } = new Dictionary<string, LlmProvider>();

    /// <summary>The block that tasks use when they name none; null: they work without a model.</summary>
    public string? DefaultLlmProvider { get; init; }

    /// <summary>A prompt by name and version (null: the one without a version); null when there is none. Default: those that come with idflow.</summary>
    public Func<string, int?, string?> FindPrompt { get; init; } = PromptLibrary.Shipped.Find;

    /// <summary>The names of the prompts that are there, for messages.</summary>
    public Func<IReadOnlyList<string>> PromptNames { get; init; } = PromptLibrary.Shipped.Names;

    /// <summary>How pages are fetched.</summary>
    public CrawlSettings Crawl { get; init; } = new();

    /// <summary>Where searches go.</summary>
    public SearchSettings Search { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
