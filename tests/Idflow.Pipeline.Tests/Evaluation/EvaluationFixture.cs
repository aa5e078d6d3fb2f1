using Idflow.Conductor;
using Idflow.Documents;
using Idflow.Documents.Model;
using Idflow.Documents.Stores;
using Idflow.Pipeline.Evaluation;
using Idflow.Pipeline.Requirements;
using Idflow.Pipeline.Resources;
using Idflow.Pipeline.Stages;
using Idflow.Pipeline.Tests.Stages;
using Idflow.Scripting;

namespace Idflow.Pipeline.Tests.Evaluation;

/// <summary>A store whose hook evaluates stages, and a Conductor that only records.</summary>
internal sealed class EvaluationFixture
{
    public const string Id = "00000000-0000-4000-8000-000000000001";

    private readonly IConductor _conductor;

    public EvaluationFixture(params IReadOnlyList<string> stages)
    {
        (_conductor, Conductor) = FakeConductor.New();
        Scripts = new JavaScriptSandbox();
        Catalog = StageCatalog.Load(stages.Select((text, index) => StageFiles.File(text, name: $"{index}.yml")), Scripts);
        Assert.Empty(Catalog.Errors);
        Store = DocumentStores.Open(DocumentStores.Memory, new DocumentStoreOptions { Hooks = Hooks });
        Evaluator = New();
        Hooks.Add(new Gate(this, new StageEvaluationHook(() => Evaluator, Reports.Add)));
    }

    public FakeConductor Conductor { get; }

    public IDocumentStore Store { get; }

    public DocumentHooks Hooks { get; } = new();

    /// <summary>False: saves do not evaluate.</summary>
    public bool EvaluatesOnSave { get; set; } = true;

    public JavaScriptSandbox Scripts { get; }

    public StageCatalog Catalog { get; }

    public StageEvaluator Evaluator { get; }

    public List<EvaluationReport> Reports { get; } = [];

    /// <summary>Another evaluator over the same store and Conductor: another process.</summary>
    public StageEvaluator New()
    {
        var engine = new StageEngine(_conductor, new DefinitionRegistrar(_conductor, () => WorkflowCatalog.Load(new ResourceOverlay([new CoreLayer()]))));
        return new StageEvaluator(Store, () => Catalog, AbilityRegistry.Empty, Scripts, _ => ValueTask.FromResult(engine));
    }

    public Task<Document> AddAsync(DocumentStatus status = DocumentStatus.Inbox, params IEnumerable<(string Key, object? Value)> properties) =>
        Store.CreateAsync(new Document { Id = Id, Status = status, Properties = new PropertyMap(properties.Select(item => KeyValuePair.Create(item.Key, item.Value))), Body = "The text." });

    public Task<Document> SetAsync(string key, object? value) => Store.UpdateAsync(Id, document => document with { Properties = document.Properties.With(key, value) });

    public Task<Document> SetStatusAsync(DocumentStatus status) => Store.UpdateAsync(Id, document => document with { Status = status });

    public async Task<StageRun> RunAsync(string stage = "s", int counter = 1) =>
        (await Store.GetStageRunsAsync(Id)).Single(run => run.StageName == stage && run.Counter == counter);

    public async Task<IReadOnlyList<StageRun>> RunsAsync() => await Store.GetStageRunsAsync(Id);

    public async Task CloseAsync(StageStatus status, string stage = "s", int counter = 1)
    {
        var run = await RunAsync(stage, counter);
        await Evaluator.CloseRunAsync(Id, stage, counter, status, "it failed", run.WorkflowId!);
    }

    private sealed class Gate(EvaluationFixture fixture, IDocumentHook hook) : IDocumentHook
    {
        public Task AfterCreateAsync(Document document, CancellationToken cancellationToken) => fixture.EvaluatesOnSave ? hook.AfterCreateAsync(document, cancellationToken) : Task.CompletedTask;

        public Task AfterSaveAsync(Document before, Document after, CancellationToken cancellationToken) => fixture.EvaluatesOnSave ? hook.AfterSaveAsync(before, after, cancellationToken) : Task.CompletedTask;
    }
}
