using Idflow.Cli.Errors;
using Idflow.Documents;
using Idflow.Documents.Stores;
using Idflow.Pipeline.Config;
using Idflow.Pipeline.Resources;
using Idflow.Scripting;

namespace Idflow.Cli;

/// <summary>An open project: its configuration and, on first use, its documents, stages and engine. The composition root.</summary>
internal sealed class ProjectSession : IAsyncDisposable
{
    private readonly Lazy<IDocumentStore> _documents;
    private readonly Lazy<ProjectResources> _resources;

    private ProjectSession(CommandContext context, ProjectConfig config)
    {
        Context = context;
        Config = config;
        Scripts = new JavaScriptSandbox();
        _resources = new(() => new ProjectResources(Config, Scripts));
        _documents = new(OpenDocuments);
    }

    public CommandContext Context { get; }

    public ProjectConfig Config { get; }

    /// <summary>The absolute path of the project folder.</summary>
    public string Root => Config.Root;

    /// <summary>The sandbox for <c>when</c>.</summary>
    public IScriptEvaluator Scripts { get; }

    /// <summary>The project's stages and workflows over those of vendors and of idflow itself.</summary>
    public ProjectResources Resources => _resources.Value;

    /// <summary>The project's documents; a change evaluates the stages of the document.</summary>
    public IDocumentStore Documents => _documents.Value;

    /// <summary>Where documents are files.</summary>
    /// <exception cref="CliException">They are not.</exception>
    public IDocumentLocator Locator => Documents as IDocumentLocator
        ?? throw CliException.Usage($"The documents of this project ('{Config.DocumentImplementation}') are not files.");

    /// <param name="context">The command.</param>
    /// <param name="projectArgument">What <c>-C</c> names; null = <c>IDFLOW_PROJECT</c>, else the nearest parent folder that is a project.</param>
    public static Task<ProjectSession> OpenAsync(CommandContext context, string? projectArgument)
    {
        var environment = context.Environment;
        var named = projectArgument ?? NotEmpty(environment.Variable("IDFLOW_PROJECT"));
        var root = ProjectLocator.Find(named, environment.WorkingDirectory);
        var config = ProjectConfigLoader.Load(root, ConfigOverrides.From(environment.Variable));
        foreach (var warning in config.Warnings)
        {
            context.Output.Warn(warning.ToString());
        }

        return Task.FromResult(new ProjectSession(context, config));
    }

    /// <summary>The path of a document's file; null where documents are not files.</summary>
    public async Task<string?> PathOfAsync(string documentId) =>
        Documents is IDocumentLocator locator ? await locator.LocateAsync(documentId, Context.CancellationToken).ConfigureAwait(false) : null;

    public async ValueTask DisposeAsync()
    {
        if (_documents.IsValueCreated)
        {
            await _documents.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    private IDocumentStore OpenDocuments() => DocumentStores.Open(Config.DocumentImplementation, new DocumentStoreOptions
    {
        DataFolder = Config.BaseDirectory,
        StateFolder = Path.Combine(Root, ".idflow"),
        Clock = Context.Environment.TimeProvider,
    });

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
