using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Documents.Model;
using Idflow.Pipeline.Evaluation;
using Idflow.Pipeline.Resources;

namespace Idflow.Cli.Hosting;

/// <summary>
/// Engine, REST API and workers of a project, running: the one code path of <c>up</c>, <c>run</c>, <c>demo</c>,
/// <c>stage run --wait</c> and <c>workflow run --wait</c>.
/// </summary>
internal sealed class PipelineHost : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly Func<CancellationToken, Task<IReadOnlyList<StageOutcome>>> _sendPendingStarts;
    private readonly HostUpkeep _upkeep;
    private Task? _stopped;

    private PipelineHost(HostParts parts, WorkerFleet fleet, RegistrationReport registered)
    {
        var (engine, time) = (parts.Engine, parts.Fleet.TimeProvider);
        _sendPendingStarts = parts.SendPendingStarts;
        Engine = engine;
        Fleet = fleet;
        Tasks = parts.Tasks;
        Registered = registered;
        Watcher = new IdleWatcher(engine, fleet, time);
        _upkeep = new HostUpkeep(parts, fleet, registered);
        Started = time.GetUtcNow();
        _time = time;
    }

    public EngineAccess Engine { get; }

    public IConductor Conductor => Engine.Conductor;

    public WorkerFleet Fleet { get; }

    public ProjectTasks Tasks { get; }

    /// <summary>What was uploaded at the start.</summary>
    public RegistrationReport Registered { get; }

    /// <summary>What became of the stage runs that earlier processes left open, and which are blocked.</summary>
    public IReadOnlyList<StageOutcome> AtStart { get; private set; } = [];

    public IdleWatcher Watcher { get; }

    public DateTimeOffset Started { get; }

    /// <summary>Brings the definitions to the engine, serves its API, starts the workers, and sends the starts that are still to be sent.</summary>
    /// <param name="parts">What the composition root put together; owned by the host from now on.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<PipelineHost> StartAsync(HostParts parts, CancellationToken cancellationToken)
    {
        var fleet = default(WorkerFleet);
        try
        {
            if (parts.Engine.Kind == EngineKind.Own)
            {
                await parts.Engine.ServeAsync(parts.Urls, parts.Log, cancellationToken).ConfigureAwait(false);
            }

            var registered = await parts.Registrar.EnsureAsync(cancellationToken).ConfigureAwait(false);
            fleet = new WorkerFleet(parts.Engine, parts.Tasks, parts.Fleet);
            var host = new PipelineHost(parts, fleet, registered);
            fleet.Start();
            await (parts.Documents?.BeginAsync(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
            host.AtStart = await parts.SendPendingStarts(cancellationToken).ConfigureAwait(false);
            return host;
        }
        catch
        {
            if (fleet is not null)
            {
                await fleet.DisposeAsync().ConfigureAwait(false);
            }

            await parts.Engine.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits until nothing is left that goes on by itself.</summary>
    /// <param name="timeout">Timers due later than this from the start are left, and so is work that is not done by then.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<RunResult> RunToEndAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeout is { } t)
        {
            limit.CancelAfter(t);
        }

        try
        {
            var left = await Watcher.WaitAsync(timeout is null ? null : Started + timeout, limit.Token).ConfigureAwait(false);
            var stages = await _sendPendingStarts(limit.Token).ConfigureAwait(false);
            while (stages.Any(stage => stage.Decision == StageDecision.Started))
            {
                left = await Watcher.WaitAsync(timeout is null ? null : Started + timeout, limit.Token).ConfigureAwait(false);
                stages = await _sendPendingStarts(limit.Token).ConfigureAwait(false);
            }

            return new RunResult(left, TimedOut: false, await Watcher.FailedSinceAsync(Started, cancellationToken).ConfigureAwait(false))
            {
                Stages = stages,
                AtStart = AtStart,
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new RunResult(WorkLeft.Nothing, TimedOut: true, await Watcher.FailedSinceAsync(Started, cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>Serves until it is stopped; see <see cref="HostUpkeep"/>.</summary>
    public Task ServeAsync(Action<ProjectChange> told, CancellationToken stop) => _upkeep.RunAsync(told, stop);

    /// <summary>Waits until a workflow has ended, or nothing goes on any more while it is open.</summary>
    public async Task<Workflow> RunWorkflowToEndAsync(string workflowId, CancellationToken cancellationToken)
    {
        var idle = Watcher.WaitAsync(null, cancellationToken);
        while (true)
        {
            var isIdle = idle.IsCompleted;
            var workflow = await Conductor.GetWorkflowAsync(workflowId, includeTasks: true, cancellationToken).ConfigureAwait(false);
            if (workflow.IsTerminal || isIdle)
            {
                return workflow;
            }

            await Task.WhenAny(idle, Task.Delay(TimeSpan.FromMilliseconds(50), _time, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Stops the workers, letting running tasks finish, then the API and the engine.</summary>
    /// <param name="hurry">Cancelled: running tasks are given back and not waited for.</param>
    public Task StopAsync(CancellationToken hurry) => _stopped ??= StopOnceAsync(hurry);

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    private async Task StopOnceAsync(CancellationToken hurry)
    {
        await Fleet.StopAsync(hurry).ConfigureAwait(false);
        await Fleet.DisposeAsync().ConfigureAwait(false);
        await Engine.DisposeAsync().ConfigureAwait(false);
    }
}

/// <summary>What a <see cref="PipelineHost"/> is made of.</summary>
internal sealed record HostParts
{
    public required EngineAccess Engine { get; init; }

    public required DefinitionRegistrar Registrar { get; init; }

    public required ProjectTasks Tasks { get; init; }

    public required FleetOptions Fleet { get; init; }

    /// <summary>Sends the starts of stage runs that could not be sent when they were made; answers what became of them and which stages are blocked.</summary>
    public required Func<CancellationToken, Task<IReadOnlyList<StageOutcome>>> SendPendingStarts { get; init; }

    /// <summary>The project's definitions; watched while it serves.</summary>
    public required ProjectResources Resources { get; init; }

    /// <summary>Loads the tasks to serve once more; null: they are not served here.</summary>
    public Func<CancellationToken, Task<ProjectTasks>>? ReloadTasks { get; init; }

    /// <summary>Watches the documents while it serves; null: nobody does here.</summary>
    public DocumentWatch? Documents { get; init; }

    /// <summary>Where an own engine serves its API; the default takes a free port of this machine.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    public required Microsoft.Extensions.Logging.ILoggerFactory Log { get; init; }
}

/// <summary>How a run ended.</summary>
/// <param name="Left">What is left.</param>
/// <param name="TimedOut">The time was up while work went on.</param>
/// <param name="Failed">Workflows that ended without success while it ran.</param>
internal sealed record RunResult(WorkLeft Left, bool TimedOut, IReadOnlyList<WorkflowSummary> Failed)
{
    /// <summary>The stages of open documents that are not done, as the last evaluation found them.</summary>
    public IReadOnlyList<StageOutcome> Stages { get; init; } = [];

    /// <summary>What the start of the run found of them.</summary>
    public IReadOnlyList<StageOutcome> AtStart { get; init; } = [];

    /// <summary>Stages whose workflow cannot be started.</summary>
    public IEnumerable<StageOutcome> Unstarted => Stages.Where(stage => stage.Decision is StageDecision.Blocked or StageDecision.Pending);

    /// <summary>Stages that a failure keeps blocked.</summary>
    public IEnumerable<StageOutcome> Blocked => Stages.Where(stage => stage is { Decision: StageDecision.Skipped, Run.Status: StageStatus.Blocked });

    /// <summary>Those whose workflow turned out to be gone when the run started.</summary>
    public IEnumerable<StageOutcome> Lost => Blocked.Where(stage => AtStart.Any(start => start.Decision == StageDecision.Blocked && KeyOf(start) == KeyOf(stage)));

    public bool Succeeded => !TimedOut && Failed.Count == 0 && Left.Unserved.Count == 0 && !Unstarted.Any() && !Lost.Any();

    private static (string?, string, int?) KeyOf(StageOutcome stage) => (stage.Run?.DocumentId, stage.StageName, stage.Run?.Counter);
}
