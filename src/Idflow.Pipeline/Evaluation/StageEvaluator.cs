using Idflow.Documents;
using Idflow.Documents.Model;
using Idflow.Pipeline.Requirements;
using Idflow.Pipeline.Stages;
using Idflow.Scripting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Idflow.Pipeline.Evaluation;

/// <summary>
/// Decides which stages a document needs now and starts their workflows; ends runs whose document or requirements changed. Two
/// evaluations of one document at once, also in two processes, start a stage once.
/// </summary>
public sealed class StageEvaluator
{
    private static readonly AsyncLocal<bool> Evaluating = new();

    private readonly IDocumentStore _store;
    private readonly Func<StageCatalog> _stages;
    private readonly AbilityRegistry _abilities;
    private readonly StageStarter _starter;
    private readonly Func<Guid> _newKey;

    /// <param name="store">The documents.</param>
    /// <param name="stages">The stages of the project as they are now; each evaluation asks once.</param>
    /// <param name="abilities">What <c>extras</c> can name.</param>
    /// <param name="scripts">Evaluates <c>when</c>.</param>
    /// <param name="open">Opens the engine when a stage first needs it.</param>
    /// <param name="newKey">Source of the keys that tell one run from another; null = random.</param>
    /// <param name="logger">Null = no log.</param>
    public StageEvaluator(IDocumentStore store, Func<StageCatalog> stages, AbilityRegistry abilities, IScriptEvaluator scripts, OpenStageEngine open, Func<Guid>? newKey = null, ILogger<StageEvaluator>? logger = null)
    {
        _store = store;
        _stages = stages;
        _abilities = abilities;
        _starter = new StageStarter(store, open, scripts, logger ?? NullLogger<StageEvaluator>.Instance);
        _newKey = newKey ?? Guid.NewGuid;
    }

    /// <summary>True inside an evaluation, so that its own changes do not evaluate again.</summary>
    internal static bool IsEvaluating => Evaluating.Value;

    /// <summary>Evaluates all stages of a document.</summary>
    /// <exception cref="DocumentNotFoundException">There is no such document.</exception>
    public async Task<EvaluationReport> EvaluateAsync(string documentId, EvaluationOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= EvaluationOptions.Automatic;
        var document = await _store.GetAsync(documentId, cancellationToken).ConfigureAwait(false);
        return await EvaluateAsync(document, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="EvaluateAsync(string, EvaluationOptions?, CancellationToken)"/>
    public async Task<EvaluationReport> EvaluateAsync(Document document, EvaluationOptions options, CancellationToken cancellationToken = default)
    {
        var runs = await _store.GetStageRunsAsync(document.Id, cancellationToken).ConfigureAwait(false);
        var outcomes = new List<StageOutcome>();
        foreach (var action in new StagePlanner(_stages().Stages, _abilities, options).Plan(document, runs))
        {
            outcomes.Add(options.DryRun ? Foresee(action) : await CarryOutAsync(document.Id, action, cancellationToken).ConfigureAwait(false));
        }

        return new EvaluationReport(document.Id, outcomes);
    }

    /// <summary>
    /// Starts one stage, also one that evaluation leaves alone (<c>no_eval</c>). With <paramref name="force"/> also when it is not
    /// active, its requirements do not hold, it is done and may run only once, or the document is neither inbox nor active.
    /// </summary>
    /// <exception cref="UnknownNameException">There is no such stage.</exception>
    /// <exception cref="StageRefusedException">It may not start; the message says why.</exception>
    public async Task<StageOutcome> StartAsync(string stageName, string documentId, bool force = false, CancellationToken cancellationToken = default)
    {
        var stage = _stages().Get(stageName);
        var document = await _store.GetAsync(documentId, cancellationToken).ConfigureAwait(false);
        var runs = await _store.GetStageRunsAsync(documentId, cancellationToken).ConfigureAwait(false);
        var last = runs.Where(run => run.StageName == stageName).MaxBy(run => run.Counter);
        var report = RequirementEvaluator.Evaluate(stage.Name, stage.Requirements, document, runs, _abilities);
        if (last is { Status: StageStatus.Active, WorkflowId: null })
        {
            return await CarryOutAsync(documentId, new StageAction.Send(stage, last, report), cancellationToken).ConfigureAwait(false);
        }

        if (Refusal(stage, document, last, report, force) is { } refusal)
        {
            throw new StageRefusedException($"Stage '{stageName}' does not start: {refusal}");
        }

        return await CarryOutAsync(documentId, new StageAction.Start(stage, (last?.Counter ?? 0) + 1, report) { Forced = force }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Does what was left undone: sends starts that could not be sent, evaluates documents whose evaluation was cut off by a crash, and
    /// blocks runs whose workflow the engine does not know or that ended without closing the run. For a process that begins to
    /// serve the engine, and for one that finds it back.
    /// </summary>
    /// <returns>What was done or goes on, and stages that stay blocked; nothing for others that were left alone.</returns>
    public async Task<IReadOnlyList<StageOutcome>> SendPendingStartsAsync(CancellationToken cancellationToken = default)
    {
        var outcomes = new List<StageOutcome>();
        var planner = new StagePlanner(_stages().Stages, _abilities, EvaluationOptions.Serving);
        var documents = await _store.QueryAsync(new DocumentQuery(), cancellationToken).ConfigureAwait(false);
        foreach (var summary in documents.Documents.Where(planner.MayNeedWork))
        {
            var report = await EvaluateAsync(summary.Id, EvaluationOptions.Serving, cancellationToken).ConfigureAwait(false);
            outcomes.AddRange(report.Outcomes.Where(outcome => outcome.Decision != StageDecision.Skipped || outcome.Run is { Status: StageStatus.Blocked }));
        }

        return outcomes;
    }

    /// <summary>
    /// Closes a run when its workflow says so. Only the workflow that the run belongs to can: a second one (started twice, or of an
    /// earlier run) changes nothing, and a cancelled run stays cancelled.
    /// </summary>
    /// <returns>The run as it is now.</returns>
    public async Task<StageRun> CloseRunAsync(string documentId, string stageName, int counter, StageStatus status, string? reason, string workflowId, CancellationToken cancellationToken = default) =>
        await _store.UpdateStageRunAsync(
            documentId, stageName, counter,
            run => run.Status == StageStatus.Cancelled || (run.WorkflowId is { } owner && owner != workflowId) || StageRunKeys.EndedByOf(run) is not null
                ? run
                : run with { Status = status, Reason = status == StageStatus.Done ? null : reason, WorkflowId = workflowId },
            cancellationToken).ConfigureAwait(false);

    private static string? Refusal(StageDefinition stage, Document document, StageRun? last, RequirementReport report, bool force) => (last, force) switch
    {
        ({ Status: StageStatus.Active }, _) => $"run {last.Counter} is active as workflow {last.WorkflowId}.",
        (_, true) => null,
        _ when document.Status is not (DocumentStatus.Inbox or DocumentStatus.Active) => $"the document is {document.Status.ToString().ToLowerInvariant()}. Use --force to start it all the same.",
        _ when !stage.Active => "it is not active ('active: false'). Use --force to start it all the same.",
        ({ Status: StageStatus.Done }, _) when !stage.MultipleCallable => $"run {last.Counter} is done, and the stage is not multiple_callable. Use --force to run it again.",
        _ when !report.Holds => $"its requirements do not hold: {string.Join("; ", report.Missing)}. Use --force to start it all the same.",
        _ => null,
    };

    private async Task<StageOutcome> CarryOutAsync(string documentId, StageAction action, CancellationToken cancellationToken)
    {
        Evaluating.Value = true;
        return await DispatchAsync(documentId, action, cancellationToken).ConfigureAwait(false);
    }

    private async Task<StageOutcome> DispatchAsync(string documentId, StageAction action, CancellationToken cancellationToken) => action switch
    {
        StageAction.Start start => await StartAsync(documentId, start, cancellationToken).ConfigureAwait(false),
        StageAction.Activate activate => await ActivateAsync(activate, cancellationToken).ConfigureAwait(false),
        StageAction.Send send => await SendAsync(send.Stage, send.Run, isNew: false, send.Requirements, cancellationToken).ConfigureAwait(false),
        StageAction.Check check => await _starter.CheckAsync(check.Run, check.Requirements, cancellationToken).ConfigureAwait(false),
        StageAction.End end => await EndAsync(end, cancellationToken).ConfigureAwait(false),
        _ => Foresee(action),
    };

    private async Task<StageOutcome> StartAsync(string documentId, StageAction.Start start, CancellationToken cancellationToken)
    {
        StageRun run;
        try
        {
            run = await _store.CreateStageRunAsync(documentId, start.Stage.Name, counter => NewRun(documentId, start, counter), cancellationToken).ConfigureAwait(false);
        }
        catch (RunTakenException)
        {
            return new StageOutcome(start.StageName, StageDecision.Running, $"run {start.Counter} was made by another process at the same moment") { Requirements = start.Requirements };
        }

        return await SendAsync(start.Stage, run, isNew: true, start.Requirements, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A document that is worked on is not in the inbox any more.</summary>
    private async Task<StageOutcome> SendAsync(StageDefinition stage, StageRun run, bool isNew, RequirementReport? report, CancellationToken cancellationToken)
    {
        await _store.UpdateAsync(run.DocumentId, document => document.Status == DocumentStatus.Inbox ? document with { Status = DocumentStatus.Active } : document, cancellationToken).ConfigureAwait(false);
        return await _starter.SendAsync(stage, run, isNew, report, cancellationToken).ConfigureAwait(false);
    }

    private StageRun NewRun(string documentId, StageAction.Start start, int counter)
    {
        if (counter != start.Counter)
        {
            throw new RunTakenException();
        }

        var properties = PropertyMap.Empty.With(StageRunKeys.StartKey, _newKey().ToString());
        return new StageRun
        {
            DocumentId = documentId,
            StageName = start.Stage.Name,
            Counter = counter,
            Status = StageStatus.Active,
            Properties = start.Forced ? properties.With(StageRunKeys.Forced, true) : properties,
        };
    }

    private async Task<StageOutcome> ActivateAsync(StageAction.Activate activate, CancellationToken cancellationToken)
    {
        var run = activate.Run;
        var startKey = _newKey().ToString();
        var stored = await _store.UpdateStageRunAsync(
            run.DocumentId, run.StageName, run.Counter,
            current => current.Status == StageStatus.Scheduled || StageRunKeys.IsUnstarted(current)
                ? current with { Status = StageStatus.Active, Reason = null, Properties = current.Properties.With(StageRunKeys.StartKey, StageRunKeys.StartKeyOf(current) ?? startKey) }
                : current,
            cancellationToken).ConfigureAwait(false);
        return stored is { Status: StageStatus.Active, WorkflowId: null }
            ? await SendAsync(activate.Stage, stored, isNew: false, activate.Requirements, cancellationToken).ConfigureAwait(false)
            : new StageOutcome(run.StageName, StageDecision.Running, $"run {run.Counter} is {stored.Status.ToString().ToLowerInvariant()}") { Run = stored, Requirements = activate.Requirements };
    }

    private async Task<StageOutcome> EndAsync(StageAction.End end, CancellationToken cancellationToken)
    {
        var stored = await _store.UpdateStageRunAsync(
            end.Run.DocumentId, end.Run.StageName, end.Run.Counter,
            current => StageRunKeys.IsOpen(current)
                ? current with { Status = end.Status, Reason = end.Reason, Properties = current.Properties.With(StageRunKeys.EndedBy, end.EndedBy) }
                : current,
            cancellationToken).ConfigureAwait(false);
        var warning = StageRunKeys.EndedByOf(stored) is null ? null : await _starter.TerminateAsync(stored, end.Reason, cancellationToken).ConfigureAwait(false);
        return Foresee(end) with { Run = stored, Warnings = warning is null ? [] : [warning] };
    }

    /// <summary>What an action comes to, in words.</summary>
    private static StageOutcome Foresee(StageAction action) => action switch
    {
        StageAction.Start start => new(start.StageName, StageDecision.Started, $"run {start.Counter} starts") { Requirements = start.Requirements },
        StageAction.Activate activate => new(activate.StageName, StageDecision.Started, $"the {activate.Run.Status.ToString().ToLowerInvariant()} run {activate.Run.Counter} starts") { Run = activate.Run, Requirements = activate.Requirements },
        StageAction.Send send => new(send.StageName, StageDecision.Pending, $"the start of run {send.Run.Counter} is still to be sent") { Run = send.Run, Requirements = send.Requirements },
        StageAction.Check check => new(check.StageName, StageDecision.Running, $"run {check.Run.Counter} is active") { Run = check.Run, Requirements = check.Requirements },
        StageAction.End end => new(end.StageName, end.Status == StageStatus.Blocked ? StageDecision.Blocked : StageDecision.Cancelled, end.Reason) { Run = end.Run, Requirements = end.Requirements },
        StageAction.Skip skip => new(skip.StageName, StageDecision.Skipped, skip.Reason) { Run = skip.Run, Requirements = skip.Requirements },
        _ => throw new InvalidOperationException($"Unknown action {action.GetType().Name}."),
    };

    /// <summary>Another evaluation made the run that this one was about to make.</summary>
    private sealed class RunTakenException : Exception;
}
