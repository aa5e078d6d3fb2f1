using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Documents;
using Idflow.Documents.Model;
using Idflow.Documents.Stores;
using Idflow.Engine;
using Idflow.Pipeline.Evaluation;
using Idflow.Pipeline.Requirements;
using Idflow.Pipeline.Resources;
using Idflow.Pipeline.Stages;
using Idflow.Scripting;
using Idflow.Tasks.StageTasks;
using Idflow.Workers.Discovery;
using Idflow.Workers.Polling;

namespace Idflow.Tasks.Tests.StageTasks;

/// <summary>Documents in memory, the real engine, and workers with the stage tasks and a test's own.</summary>
internal sealed class PipelineFixture : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WorkerHost _workers;

    private PipelineFixture(EmbeddedEngine engine, IDocumentStore store, StageEvaluator evaluator, WorkerHost workers)
    {
        Engine = engine;
        Store = store;
        Evaluator = evaluator;
        _workers = workers;
    }

    public EmbeddedEngine Engine { get; }

    public IDocumentStore Store { get; }

    public StageEvaluator Evaluator { get; }

    /// <param name="tasks">An object with task methods.</param>
    /// <param name="files">The project's stages and workflows, by path.</param>
    public static async Task<PipelineFixture> StartAsync(object tasks, params (string Path, string Text)[] files)
    {
        var engine = await EmbeddedEngine.OpenAsync(new EngineOptions());
        var hooks = new DocumentHooks();
        var store = DocumentStores.Open(DocumentStores.Memory, new DocumentStoreOptions { Hooks = hooks });
        var overlay = new ResourceOverlay([new CoreLayer(), new TextLayer(files.ToDictionary(file => file.Path, file => file.Text))]);
        var scripts = new JavaScriptSandbox();
        var stages = StageCatalog.Load(overlay.StageFiles(), scripts);
        var workflows = WorkflowCatalog.Load(overlay);
        Assert.Empty(stages.Errors.Concat(workflows.Errors));
        var registry = new WorkerRegistry();
        var registrar = new DefinitionRegistrar(engine, () => workflows, () => registry.Definitions);
        var evaluator = new StageEvaluator(store, () => stages, AbilityRegistry.Empty, scripts, _ => ValueTask.FromResult(new StageEngine(engine, registrar)));
        hooks.Add(new StageEvaluationHook(() => evaluator));
        registry.AddInstance(new StageTask(store, evaluator));
        registry.AddInstance(tasks);
        var workers = new WorkerHost(engine, registry, new WorkerHostOptions { LongPoll = TimeSpan.FromSeconds(2) });
        workers.Start();
        var report = await registrar.EnsureAsync();
        Assert.Empty(report.Refused);
        return new PipelineFixture(engine, store, evaluator, workers);
    }

    public async Task<string> AddAsync(string body, params (string Key, object? Value)[] properties)
    {
        var document = await Store.CreateAsync(new Document
        {
            Id = "",
            Body = body,
            Properties = new PropertyMap(properties.Select(item => KeyValuePair.Create(item.Key, item.Value))),
        });
        return document.Id;
    }

    /// <summary>Waits until a run has one of the closed states.</summary>
    public async Task<StageRun> ClosedAsync(string id, string stage, int counter = 1)
    {
        var run = default(StageRun);
        using var limit = new CancellationTokenSource(Patience);
        while (!limit.IsCancellationRequested)
        {
            run = (await Store.GetStageRunsAsync(id)).FirstOrDefault(run => run.StageName == stage && run.Counter == counter);
            if (run is { Status: not (StageStatus.Active or StageStatus.Scheduled) })
            {
                return run;
            }

            await Task.Delay(20);
        }

        var state = run?.WorkflowId is { } workflowId ? await Engine.GetWorkflowAsync(workflowId) : null;
        throw new TimeoutException($"Run {counter} of '{stage}' is {run?.Status.ToString() ?? "not there"}; its workflow is {state?.Status}: {string.Join(", ", (state?.Tasks ?? []).Select(task => $"{task.ReferenceTaskName} {task.Status} {task.ReasonForIncompletion}"))}");
    }

    /// <summary>Waits until a workflow has ended, also for one that is about to be started under a known id.</summary>
    public async Task<Workflow> EndedAsync(string workflowId)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                if (await Engine.GetWorkflowAsync(workflowId, cancellationToken: limit.Token) is { IsTerminal: true } workflow)
                {
                    return workflow;
                }
            }
            catch (ConductorException error) when (error.Status == 404)
            {
                // Not started yet.
            }

            await Task.Delay(20, limit.Token);
        }
    }

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource();
        await hurry.CancelAsync();
        await _workers.StopAsync(hurry.Token);
        await _workers.DisposeAsync();
        await Engine.DisposeAsync();
        await Store.DisposeAsync();
    }
}
