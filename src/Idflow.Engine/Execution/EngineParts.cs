using Idflow.Conductor;
using Idflow.Engine.Decisions;
using Idflow.Engine.Definitions;
using Idflow.Engine.Events;
using Idflow.Engine.Expressions;
using Idflow.Engine.Http;
using Idflow.Engine.Jq;
using Idflow.Engine.Operations;
using Idflow.Engine.Queues;
using Idflow.Engine.Retention;
using Idflow.Engine.Schedules;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Payloads;
using Idflow.Engine.Timers;
using Idflow.Engine.Validation;
using Idflow.Scripting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Idflow.Engine.Execution;

/// <summary>The parts of one engine and how they hang together.</summary>
internal sealed class EngineParts : IAsyncDisposable
{
    private readonly DueTimers _dueTimers;
    private readonly HttpMessageInvoker? _ownClient;

    public EngineParts(EngineOptions options, IEngineStore store)
    {
        Options = options;
        Store = store;
        Log = (options.Loggers ?? NullLoggerFactory.Instance).CreateLogger("Idflow.Engine");
        Uploads = new PayloadUploads(options.Directory, options.TimeProvider);
        var documents = store.ReadDocuments();
        Catalogue = new Catalogue(documents);
        Snapshots = new SnapshotCache(store);
        Instances = new InstanceTable(store, Snapshots, options.Background, options.Limits.WorkflowsInMemory);
        // Nothing is due, and nothing is written, before all parts are there.
        Timers = new TimerHeap(options.TimeProvider, (key, workflowId) => _dueTimers!.Act(key, workflowId));
        Queues = new TaskQueues(options.TimeProvider, Timers);
        Services = new DecisionServices
        {
            Ids = options.Ids ?? new RandomIdSource(options.TimeProvider),
            Expressions = new ExpressionEvaluator(new ExpressionVariables(options.Environment)),
            Secrets = options.Secrets,
            Scripts = new JavaScriptSandbox(new ScriptOptions { Timeout = options.Limits.ScriptTime, MemoryBytes = options.Limits.ScriptBytes, MaxStatements = options.Limits.ScriptStatements }, options.TimeProvider),
            Jq = new JqInterpreter(options.TimeProvider, options.Limits.JqTime, options.Limits.JqBytes),
            Definitions = Catalogue,
            Domains = Polls,
            Workflows = id => Instances.RowOf(id),
            Limits = options.Limits,
        };
        var outbox = store.ReadOutbox();
        var sequel = new CommitSequel(OnCommitted, commit => LostCommits!.Take(commit), options.Background, Log);
        Commits = new CommitQueue(store, options.Limits.CommitsPerTransaction, outbox.Count > 0 ? outbox[^1].Id : 0, Snapshots, sequel, options.AtPoint, options.Background, Log);
        Starter = new WorkflowStarter(Catalogue, Snapshots, options.Limits);
        Validator = new DefinitionValidator(Services.Scripts, Catalogue.FindTask, limits: options.Limits);
        var subWorkflows = new SubWorkflowStart(Starter, Instances, Services.Ids, options.Limits, Log);
        var failures = new FailureStart(Starter, Log);
        Runner = new WorkflowRunner(Instances, Commits, subWorkflows, failures, Services, options.TimeProvider);
        Idempotency = new IdempotentStarts(Runner, Instances, store, options.Background);
        Definitions = new DefinitionWriter(Catalogue, Validator, Runner, options.Background);
        Parked = new ParkedTasks(Runner, Queues, options.Background);
        var families = new FamilyGates();
        RunningAgain = new RunningAgain(Runner, Instances, families, Catalogue, Snapshots);
        _ownClient = options.HttpClient is null ? new HttpMessageInvoker(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) : null;
        SystemTasks = new SystemTaskRunner(Runner, subWorkflows, new StartWorkflowTask(Starter, Validator),
            new HttpTaskCall(options.HttpClient ?? _ownClient!, options.Secrets, options.Limits.HttpAnswerBytes), Timers, options.Limits, options.Background, Log);
        var actions = new EventActions(Runner, Starter, Instances, store, Services.Expressions);
        var effects = new EffectHandlers(Runner, Instances, families, Starter, failures, RunningAgain, new EventProcessor(Catalogue, store, Runner, actions, Log));
        Outbox = new OutboxDispatcher(effects.HandleAsync, effects.DropAsync, options.TimeProvider, options.Background, Log);
        Retention = new RetentionSweep(options, store, Runner, Instances, Uploads, Timers, Log);
        Schedules = new ScheduleBook(documents, Timers, Runner, Services.Ids, options.Background, Log);
        Carrier = new CommitCarrier(Instances, Queues, Timers, SystemTasks.Run, Outbox.Dispatch, OnEnded);
        LostCommits = new LostCommits(Carrier, Runner, options.TimeProvider, options.Background, Log);
        _dueTimers = new DueTimers(Queues, Schedules, Retention, SystemTasks, Runner, Timers, options.Background, Log);
    }

    public EngineOptions Options { get; }
    public IEngineStore Store { get; }
    public PayloadUploads Uploads { get; }
    public ILogger Log { get; }
    public Catalogue Catalogue { get; }
    public SnapshotCache Snapshots { get; }
    public InstanceTable Instances { get; }
    public TimerHeap Timers { get; }
    public TaskQueues Queues { get; }

    public ParkedTasks Parked { get; }
    public PollRegistry Polls { get; } = new();
    public DecisionServices Services { get; }
    public CommitQueue Commits { get; }
    public WorkflowRunner Runner { get; }
    public WorkflowStarter Starter { get; }
    public IdempotentStarts Idempotency { get; }
    public DefinitionValidator Validator { get; }
    public DefinitionWriter Definitions { get; }
    public RunningAgain RunningAgain { get; }
    public SystemTaskRunner SystemTasks { get; }
    public OutboxDispatcher Outbox { get; }
    public ScheduleBook Schedules { get; }
    public WorkflowWatches Watches { get; } = new();
    public RetentionSweep Retention { get; }
    public CommitCarrier Carrier { get; }
    public LostCommits LostCommits { get; }

    private void OnCommitted(Commit commit)
    {
        Carrier.Carry(commit);
        Watches.Changed(commit.Instances);
    }

    private void OnEnded(WorkflowRow row)
    {
        if (Instances.InMemory(row.WorkflowId) is { } instance)
        {
            Options.Background.Run(() => _ = Instances.EvictAsync(instance));
        }
    }

    public async ValueTask DisposeAsync()
    {
        LostCommits.Dispose();
        await Timers.DisposeAsync().ConfigureAwait(false);
        await Retention.DisposeAsync().ConfigureAwait(false);
        SystemTasks.Dispose();
        await Outbox.DisposeAsync().ConfigureAwait(false);
        await Commits.DisposeAsync().ConfigureAwait(false);
        await Store.DisposeAsync().ConfigureAwait(false);
        Schedules.Dispose();
        _ownClient?.Dispose();
    }
}
