using Idflow.Pipeline.Sources;

namespace Idflow.Pipeline.Config;

/// <summary>The configuration of a project: <c>config/idflow.yml</c> with its defaults. Paths are absolute.</summary>
public sealed record ProjectConfig
{
    /// <summary>The project folder.</summary>
    public required string Root { get; init; }

    /// <summary>The file that was read; null when the project has none.</summary>
    public string? File { get; init; }

    /// <summary><c>base_dir</c>: the documents. Default <c>data</c>; a relative path counts from the project folder.</summary>
    public required string BaseDirectory { get; init; }

    /// <summary><c>config_dir</c>: vendor descriptions (<c>vendors.d</c>). Default <c>config</c>.</summary>
    public required string ConfigDirectory { get; init; }

    /// <summary><c>document_implementation</c>: <c>fs_markdown</c>.</summary>
    public string DocumentImplementation { get; init; } = "fs_markdown";

    /// <summary><c>conductor.server_url</c>: a Conductor server; null = the embedded engine.</summary>
    public string? ConductorServerUrl { get; init; }

    /// <summary><c>conductor.api_key_env_var</c>: the environment variable that holds the server's bearer token.</summary>
    public string ConductorApiKeyVariable { get; init; } = "CONDUCTOR_API_KEY";

    /// <summary><c>offline</c>: tasks open no connection except to end points that the project names on this machine. Default false.</summary>
    public bool Offline { get; init; }

    /// <summary><c>models_dir</c>: vector models; null = those that come with idflow.</summary>
    public string? ModelsDirectory { get; init; }

    /// <summary><c>poll_interval</c>: seconds between two polls of an idle worker. Default 0.1.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary><c>watch_documents</c>: while <c>up</c> serves, documents that an editor or git changed are evaluated. Default true.</summary>
    public bool WatchDocuments { get; init; } = true;

    /// <summary><c>workers</c>: how tasks are served.</summary>
    public WorkersConfig Workers { get; init; } = new();

    /// <summary><c>llm</c>: language models.</summary>
    public LlmConfig Llm { get; init; } = new();

    /// <summary><c>engine</c>: the embedded engine.</summary>
    public EngineConfig Engine { get; init; } = new();

    /// <summary><c>server</c>: its REST API.</summary>
    public ServerConfig Server { get; init; } = new();

    /// <summary>What is doubtful but can be used.</summary>
    public IReadOnlyList<SourceError> Warnings { get; init; } = [];

    internal SourceNode? Tree { get; init; }

    /// <summary>The raw map under a top-level key, for the part of idflow that it belongs to (<c>crawl</c>, <c>search</c>, ..); null when absent.</summary>
    public SourceNode? Section(string name) => Tree?[name] is { IsNull: false } node ? node : null;
}

/// <summary>The language models of a project.</summary>
public sealed record LlmConfig
{
    /// <summary><c>llm.provider</c>: the block that tasks use when they name none; null = tasks work without a model.</summary>
    public string? Provider { get; init; }

    /// <summary><c>llm.model</c>: the model when neither task nor block names one.</summary>
    public string? Model { get; init; }

    /// <summary><c>llm.providers</c> by name.</summary>
    public IReadOnlyDictionary<string, LlmProviderConfig> Providers { get; init; } = new Dictionary<string, LlmProviderConfig>();
}

/// <summary>One end point for language models.</summary>
public sealed record LlmProviderConfig
{
    public required string Name { get; init; }

    /// <summary><c>kind</c>: the wire format or vendor (<c>openai</c>, <c>ollama</c>, ..); default: the block's name.</summary>
    public required string Kind { get; init; }

    /// <summary><c>base_url</c>; absent: the vendor's own address.</summary>
    public string? BaseUrl { get; init; }

    /// <summary><c>api_key_env_var</c>: the environment variable that holds the key.</summary>
    public string? ApiKeyVariable { get; init; }

    /// <summary><c>model</c>: the default model of this end point.</summary>
    public string? Model { get; init; }

    /// <summary>The block itself, for keys that only one kind knows.</summary>
    public required SourceNode Settings { get; init; }
}
