using Idflow.Pipeline.Sources;

namespace Idflow.Pipeline.Config;

/// <summary>Reads a project's configuration and checks it, all errors together.</summary>
public static class ProjectConfigLoader
{
    private static readonly string[] Keys =
    [
        "base_dir", "config_dir", "document_implementation", "conductor", "conductor_server_url", "offline", "models_dir", "poll_interval", "watch_documents",
        "llm", "search", "research", "crawl", "draft", "keywords", "tasks", "workers", "engine", "server",
    ];

    private static readonly string[] Implementations = ["fs_markdown"];

    /// <exception cref="DefinitionException">The file is not YAML, has unknown keys or wrong values.</exception>
    /// <exception cref="PipelineException">The file that <paramref name="overrides"/> names does not exist.</exception>
    public static ProjectConfig Load(string root, ConfigOverrides overrides)
    {
        var file = overrides.ConfigFile is { } named ? Path.GetFullPath(named, root) : Path.Combine(root, ProjectLocator.ConfigFile);
        if (!File.Exists(file))
        {
            return overrides.ConfigFile is null ? Read(root, null, null, overrides) : throw new PipelineException($"The configuration file {file} does not exist; IDFLOW_CONFIG names it.");
        }

        var path = Path.GetRelativePath(root, file) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? file : relative.Replace('\\', '/');
        return Read(root, file, SourceParser.Parse(File.ReadAllText(file), path), overrides);
    }

    private static ProjectConfig Read(string root, string? file, SourceNode? tree, ConfigOverrides overrides)
    {
        var errors = new List<SourceError>();
        var top = new MapReader(tree ?? Empty(file ?? root), "the configuration", "", errors, Keys);
        var conductor = Child(top, "conductor", "the Conductor server", errors, "server_url", "api_key_env_var");
        var (serverUrl, warnings) = ServerUrl(top, conductor);
        var config = new ProjectConfig
        {
            Root = root,
            File = file,
            BaseDirectory = Path.GetFullPath(overrides.BaseDirectory ?? top.Text("base_dir", "a folder") ?? "data", root),
            ConfigDirectory = Path.GetFullPath(overrides.ConfigDirectory ?? top.Text("config_dir", "a folder") ?? "config", root),
            DocumentImplementation = Implementation(top, overrides, errors),
            ConductorServerUrl = serverUrl,
            ConductorApiKeyVariable = conductor?.Text("api_key_env_var", "the name of an environment variable") ?? "CONDUCTOR_API_KEY",
            Offline = top.Flag("offline", false),
            ModelsDirectory = top.Text("models_dir", "a folder") is { } models ? Path.GetFullPath(models, root) : null,
            PollInterval = TimeSpan.FromSeconds(top.Positive("poll_interval") ?? 0.1),
            WatchDocuments = top.Flag("watch_documents", true),
            Workers = WorkersConfigReader.Read(top.Find("workers"), errors),
            Llm = Llm(top, errors),
            Engine = EngineConfigReader.Engine(top, root, errors),
            Server = EngineConfigReader.Server(top, errors),
            Warnings = warnings,
            Tree = tree,
        };
        return errors.Count == 0 ? config : throw new DefinitionException(errors);
    }

    private static (string?, IReadOnlyList<SourceError>) ServerUrl(MapReader top, MapReader? conductor)
    {
        var url = conductor is null ? null : Url(conductor, "server_url");
        if (url is not null || top.Find("conductor_server_url") is not { } misplaced)
        {
            return (url, []);
        }

        return (Url(top, "conductor_server_url"), [misplaced.Error("'conductor_server_url' belongs under 'conductor' as 'server_url'; it is read here all the same.") with { IsWarning = true }]);
    }

    private static string? Url(MapReader reader, string key)
    {
        if (reader.Text(key, "an address such as http://localhost:8080") is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            reader.Wrong(reader.Find(key)!, key, $"is '{text}'; it must be an http or https address such as http://localhost:8080");
        }

        return text.TrimEnd('/');
    }

    private static string Implementation(MapReader top, ConfigOverrides overrides, List<SourceError> errors)
    {
        var name = overrides.DocumentImplementation ?? top.Text("document_implementation", "how documents are stored") ?? "fs_markdown";
        if (Implementations.Contains(name))
        {
            return name;
        }

        var message = $"'document_implementation' is '{name}'. {MapReader.Suggest(name, Implementations)}";
        errors.Add(overrides.DocumentImplementation is null ? top.Find("document_implementation")!.Error(message) : new SourceError("IDFLOW_DOCUMENT_IMPL", 0, 0, message));
        return name;
    }

    private static LlmConfig Llm(MapReader top, List<SourceError> errors)
    {
        if (Child(top, "llm", "the language models", errors, "provider", "model", "providers") is not { } llm)
        {
            return new LlmConfig();
        }

        var providers = new Dictionary<string, LlmProviderConfig>(StringComparer.Ordinal);
        var blocks = llm.Find("providers");
        if (blocks is not null && blocks.Kind != SourceKind.Map)
        {
            llm.Wrong(blocks, "providers", "must be a map of names, each with a block of settings");
        }

        foreach (var entry in blocks?.Entries ?? [])
        {
            providers[entry.Key] = Provider(entry, errors);
        }

        var chosen = llm.Text("provider", "the name of a block under 'providers'");
        if (chosen is not null && !providers.ContainsKey(chosen))
        {
            llm.Wrong(llm.Find("provider")!, "provider", $"is '{chosen}', but no block under 'llm.providers' has that name. {MapReader.Suggest(chosen, [.. providers.Keys])}".TrimEnd('.'));
        }

        return new LlmConfig { Provider = chosen, Model = llm.Text("model", "a model's name"), Providers = providers };
    }

    /// <summary>Keys beyond these are left to the provider's own kind.</summary>
    private static LlmProviderConfig Provider(SourceEntry entry, List<SourceError> errors)
    {
        string[] keys = [.. entry.Value.Entries.Select(setting => setting.Key)];
        var reader = new MapReader(entry.Value, "a provider's block", $"llm.providers.{entry.Key}.", errors, keys);
        return new LlmProviderConfig
        {
            Name = entry.Key,
            Kind = reader.Text("kind", "the kind of end point") ?? entry.Key,
            BaseUrl = Url(reader, "base_url"),
            ApiKeyVariable = reader.Text("api_key_env_var", "the name of an environment variable"),
            Model = reader.Text("model", "a model's name"),
            Settings = entry.Value,
        };
    }

    private static MapReader? Child(MapReader top, string key, string what, List<SourceError> errors, params ReadOnlySpan<string> known) =>
        top.Find(key) is { } node ? new MapReader(node, what, key + ".", errors, known) : null;

    private static SourceNode Empty(string path) => new(path, 0, 0, SourceKind.Map);
}
