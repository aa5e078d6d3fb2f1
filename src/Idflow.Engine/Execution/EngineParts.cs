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
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);
    private readonly CommitCarrier _carrier;
    private readonly CancellationTokenSource _closing = new();
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
        Timers = new TimerHeap(options.TimeProvider, OnTimer);
        Queues = new TaskQueues(options.TimeProvider, Timers);
        Services = new DecisionServices
        {
            Ids = options.Ids ?? new RandomIdSource(options.TimeProvider),
            Expressions = new ExpressionEvaluator(new ExpressionVariables(options.Environment)),
            Secrets = options.Secrets,
            Scripts = new JavaScriptSandbox(time: options.TimeProvider),
            Jq = new JqInterpreter(options.TimeProvider),
            Definitions = Catalogue,
            Domains = Polls,
            Limits = options.Limits,
        };
        var outbox = store.ReadOutbox();
        Commits = new CommitQueue(store, options.Limits.CommitsPerTransaction, outbox.Count > 0 ? outbox[^1].Id : 0, Snapshots.LeaveOutStored, OnCommitted, OnFailed, options.AtPoint, options.Background, Log);
        Starter = new WorkflowStarter(Catalogue, Snapshots, options.Limits);
        Validator = new DefinitionValidator(Services.Scripts, Catalogue.FindTask, limits: options.Limits);
        var subWorkflows = new SubWorkflowStart(Starter, Instances, Validator, Services.Ids, options.Limits, Log);
        Runner = new WorkflowRunner(Instances, Commits, subWorkflows, Services, options.TimeProvider);
        Idempotency = new IdempotentStarts(Runner, Instances, store, options.Background);
        Definitions = new DefinitionWriter(Catalogue, Validator, Runner, options.Background);
        Operator = new WorkflowOperator(Runner, Instances, Catalogue, Snapshots);
        _ownClient = options.HttpClient is null ? new HttpMessageInvoker(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) : null;
        SystemTasks = new SystemTaskRunner(Runner, subWorkflows,
            new HttpTaskCall(options.HttpClient ?? _ownClient!, options.Secrets), Timers, options.Limits, options.Background, Log);
        var actions = new EventActions(Runner, Starter, Instances, store, Services.Expressions);
        var effects = new EffectHandlers(Runner, Instances, Starter, Operator, new EventProcessor(Catalogue, store, Runner, actions, Log));
        Outbox = new OutboxDispatcher(effects.HandleAsync, effects.DropAsync, options.TimeProvider, options.Background, Log);
        Retention = new RetentionSweep(options, store, Runner, Instances, Uploads, Timers, Log);
        Schedules = new ScheduleBook(documents, Timers, Runner, Services.Ids, options.Background, Log);
        _carrier = new CommitCarrier(Instances, Snapshots, Queues, Timers, SystemTasks.Run, Outbox.Dispatch, OnEnded);
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
    public PollRegistry Polls { get; } = new();
    public DecisionServices Services { get; }
    public CommitQueue Commits { get; }
    public WorkflowRunner Runner { get; }
    public WorkflowStarter Starter { get; }
    public IdempotentStarts Idempotency { get; }
    public DefinitionValidator Validator { get; }
    public DefinitionWriter Definitions { get; }
    public WorkflowOperator Operator { get; }
    public SystemTaskRunner SystemTasks { get; }
    public OutboxDispatcher Outbox { get; }
    public ScheduleBook Schedules { get; }
    public WorkflowWatches Watches { get; } = new();
    public RetentionSweep Retention { get; }
    public CommitCarrier Carrier => _carrier;

    private void OnCommitted(Commit commit)
    {
        _carrier.Carry(commit);
        Watches.Changed(commit.Instances);
    }

    private void OnTimer(TimerKey key, string workflowId)
    {
        switch (key.Kind)
        {
            case TimerKind.QueueDue:
                Queues.MakeReady(key.Id);
                break;
            case TimerKind.RateLimit:
                Queues.WakeLimited(key.Id);
                break;
            case TimerKind.Schedule:
                Schedules.OnTimer(key.Id);
                break;
            case TimerKind.Retention:
                Retention.OnTimer();
                break;
            case TimerKind.SystemTaskDue:
                SystemTasks.Run(workflowId, key.Id);
                break;
            default:
                Options.Background.Run(() => _ = OnDeadlineAsync(key, workflowId));
                break;
        }
    }

    private async Task OnDeadlineAsync(TimerKey key, string workflowId)
    {
        try
        {
            var notYet = await Runner.ChangeAsync(workflowId, (state, unit) =>
            {
                unit.OnDeadline(state, key.Kind == TimerKind.TaskDeadline ? key.Id : null);
                var next = key.Kind == TimerKind.TaskDeadline ? CommitCarrier.DeadlineOf(state.Find(key.Id)) : CommitCarrier.DeadlineOf(state.Row, state.Graph.Definition);
                return next > unit.Context.Now ? next : 0;
            }).ConfigureAwait(false);
            if (notYet > 0)
            {
                // The clock had been set back, or the deadline had moved. It may have come while this was written.
                Timers.Set(key, workflowId, notYet);
            }
        }
        catch (ConductorException gone) when (gone.Status == 404)
        {
            // The workflow was removed.
        }
        catch (Exception error)
        {
            Log.LogError(error, "The deadline of {Kind} {Id} could not be acted on", key.Kind, key.Id);
            Timers.Set(key, workflowId, Runner.Now() + 1000);
        }
    }

    /// <summary>What could not be written is not so: the workflow is read again, and goes on from what is on disk.</summary>
    private void OnFailed(Commit commit)
    {
        foreach (var id in commit.Instances.Select(instance => instance.Id))
        {
            Options.Background.Run(() => _ = GoOnFromDiskAsync(id));
        }
    }

    private async Task GoOnFromDiskAsync(string workflowId)
    {
        for (var isCarried = false; !_closing.IsCancellationRequested;)
        {
            try
            {
                if (!isCarried && !Recovery.Carry(this, workflowId))
                {
                    return;
                }
                isCarried = true;
                await Task.Delay(FailurePause, Options.TimeProvider, _closing.Token).ConfigureAwait(false);
                await Runner.ChangeAsync(workflowId, (state, unit) => unit.Decide(state)).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (error is ConductorException or OperationCanceledException)
            {
                // It is gone, or could not be written, and then this is called for it again.
                return;
            }
            catch (Exception error)
            {
                Log.LogError(error, "Workflow {WorkflowId} could not be read again", workflowId);
                await Task.Delay(FailurePause, Options.TimeProvider, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void OnEnded(State.WorkflowRow row)
    {
        if (Instances.InMemory(row.WorkflowId) is { } instance)
        {
            Options.Background.Run(() => _ = Instances.EvictAsync(instance));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closing.Cancel();
        await Timers.DisposeAsync().ConfigureAwait(false);
        await Retention.DisposeAsync().ConfigureAwait(false);
        SystemTasks.Dispose();
        await Outbox.DisposeAsync().ConfigureAwait(false);
        await Commits.DisposeAsync().ConfigureAwait(false);
        await Store.DisposeAsync().ConfigureAwait(false);
        Schedules.Dispose();
        _ownClient?.Dispose();
        _closing.Dispose();
    }
}
