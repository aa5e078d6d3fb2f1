using Idflow.Cli.Errors;
using Idflow.Cli.Hosting;
using Idflow.Documents;
using Idflow.Documents.Stores;
using Idflow.Pipeline.Config;
using Idflow.Pipeline.Evaluation;
using Idflow.Pipeline.Resources;
using Idflow.Pipeline.Sources;
using Idflow.Scripting;
using Idflow.Tasks;
using Idflow.Workers.Discovery;
using Microsoft.Extensions.Logging;

namespace Idflow.Cli;

/// <summary>An open project: its configuration and, on first use, its documents, stages and engine. The composition root.</summary>
internal sealed class ProjectSession : IAsyncDisposable
{
    private readonly Lazy<IDocumentStore> _documents;
    private readonly Lazy<ProjectResources> _resources;
    private readonly Lazy<StageEvaluator> _evaluator;
    private readonly Lazy<BuiltInTasks> _builtIn;
    private readonly Lock _gate = new();
    private readonly HashSet<SourceError> _told = [];
    private Task<ProjectTasks>? _tasks;

    private ProjectSession(CommandContext context, ProjectConfig config)
    {
        Context = context;
        Config = config;
        Scripts = new JavaScriptSandbox();
        _resources = new(() => new ProjectResources(Config, Scripts));
        _documents = new(OpenDocuments);
        Engine = new ProjectEngine(this);
        _evaluator = new(() => new StageEvaluator(Documents, () => Resources.Stages, ProjectAbilities.Of(this), Scripts, Engine.OpenForStagesAsync));
        _builtIn = new(() => BuiltInTaskFactory.Create(this));
        Loggers = new WriterLogger(context.Environment.Error, context.Verbose ? LogLevel.Information : LogLevel.Error);
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

    /// <summary>Decides which stages a document needs, and starts them.</summary>
    public StageEvaluator Evaluator => _evaluator.Value;

    /// <summary>The engine that the project works with.</summary>
    public ProjectEngine Engine { get; }

    /// <summary>Where the libraries log to: diagnostics.</summary>
    public ILoggerFactory Loggers { get; }

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

    /// <summary>The same for a document of a listing, without looking.</summary>
    public string? PathOf(DocumentSummary document) => (Documents as IDocumentLocator)?.PathOf(document);

    /// <summary>The tasks that the project's workers serve; its own ones are compiled when they changed.</summary>
    public Task<ProjectTasks> LoadTasksAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _tasks ??= LoadOnceAsync(cancellationToken);
        }
    }

    /// <summary>What <see cref="LoadTasksAsync"/> found last.</summary>
    public ProjectTasks? LoadedTasks { get; private set; }

    /// <summary>The same after sources changed; what they define is known from now on.</summary>
    public Task<ProjectTasks> ReloadTasksAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _tasks = LoadOnceAsync(cancellationToken);
        }
    }

    /// <summary>Tells of broken definitions on stderr, of each once: the others work all the same.</summary>
    public void WarnOf(IEnumerable<SourceError> problems)
    {
        lock (_gate)
        {
            foreach (var problem in problems.Where(_told.Add))
            {
                Context.Output.Warn(problem.ToString());
            }
        }
    }

    /// <summary>Tells what an evaluation could not do, on stderr: the document is stored all the same.</summary>
    public void Report(EvaluationReport report)
    {
        foreach (var outcome in report.Outcomes.Where(outcome => outcome.Decision is StageDecision.Pending or StageDecision.Blocked or StageDecision.Cancelled))
        {
            Context.Output.Warn($"stage {outcome.StageName}: {outcome.Decision.ToString().ToLowerInvariant()}, {outcome.Reason}");
        }

        foreach (var warning in report.Warnings)
        {
            Context.Output.Warn(warning);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync().ConfigureAwait(false);
        if (_builtIn.IsValueCreated)
        {
            _builtIn.Value.Dispose();
        }

        if (_documents.IsValueCreated)
        {
            await _documents.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    private IDocumentStore OpenDocuments()
    {
        var options = new DocumentStoreOptions
        {
            DataFolder = Config.BaseDirectory,
            MessageFolder = Context.Environment.WorkingDirectory,
            StateFolder = Path.Combine(Root, ".idflow"),
            Clock = Context.Environment.TimeProvider,
            LoggerFactory = Loggers,
        };
        options.Hooks.Add(new StageEvaluationHook(() => Evaluator, report =>
        {
            WarnOf(Resources.Stages.Errors);
            Report(report);
        }));
        return DocumentStores.Open(Config.DocumentImplementation, options);
    }

    private async Task<ProjectTasks> LoadOnceAsync(CancellationToken cancellationToken) =>
        LoadedTasks = await ProjectTasks.LoadAsync(Root, Resources.Overlay, BuiltInRegistry(), cancellationToken).ConfigureAwait(false);

    private WorkerRegistry BuiltInRegistry()
    {
        var registry = new WorkerRegistry();
        _builtIn.Value.Register(registry);
        return registry;
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
