using Idflow.Documents;
using Idflow.Documents.Model;
using Idflow.Pipeline.Requirements;
using Idflow.Pipeline.Stages;

namespace Idflow.Pipeline.Evaluation;

/// <summary>
/// Decides what is to be done with the stages of a document. Pure: no store, no engine.
/// Documents that are inbox or active start stages. A document that becomes done or archived cancels its open runs; one that
/// becomes blocked blocks them; both are started anew when it is active again and the requirements hold.
/// </summary>
internal sealed class StagePlanner(IReadOnlyList<StageDefinition> stages, AbilityRegistry abilities, EvaluationOptions options)
{
    private readonly bool _needsBody = stages.Any(stage => stage.Requirements.AttributeChecks.Any(check => check.Attribute == "body"));

    public IReadOnlyList<StageAction> Plan(Document document, IReadOnlyList<StageRun> runs)
    {
        if (document.Status is not (DocumentStatus.Inbox or DocumentStatus.Active))
        {
            return EndOpenRuns(document, runs);
        }

        return [.. stages.Select(stage => PlanStage(stage, document, runs)), .. OrphanedRuns(runs)];
    }

    /// <summary>
    /// False only where <see cref="Plan"/> would leave every stage alone: decided from the listing, without reading the document.
    /// </summary>
    public bool MayNeedWork(DocumentSummary summary)
    {
        var isOpen = summary.Status is DocumentStatus.Inbox or DocumentStatus.Active;
        if (isOpen && (_needsBody || summary.Stages.Any(stage => stage.Status is StageStatus.Blocked or StageStatus.Cancelled)))
        {
            // The listing has neither the text nor the rule that ended a run.
            return true;
        }

        var document = new Document
        {
            Id = summary.Id,
            Status = summary.Status,
            Properties = summary.Properties,
            DocumentReferences = summary.DocumentReferences,
            FileReferences = summary.FileReferences,
        };
        var runs = summary.Stages.Select(stage => new StageRun { DocumentId = summary.Id, StageName = stage.StageName, Counter = stage.Counter, Status = stage.Status });
        return Plan(document, [.. runs]).Any(action => action is not StageAction.Skip);
    }

    private RequirementReport Requirements(StageDefinition stage, Document document, IReadOnlyList<StageRun> runs) =>
        RequirementEvaluator.Evaluate(stage.Name, stage.Requirements, document, runs, abilities);

    private static IReadOnlyList<StageAction> EndOpenRuns(Document document, IReadOnlyList<StageRun> runs)
    {
        var status = document.Status == DocumentStatus.Blocked ? StageStatus.Blocked : StageStatus.Cancelled;
        var reason = $"the document is {document.Status.ToString().ToLowerInvariant()}";
        return [.. runs.Where(StageRunKeys.IsOpen).Select(run => new StageAction.End(run, status, reason, StageRunKeys.ByDocument, null))];
    }

    /// <summary>Open runs of stages that have no definition any more: their workflows are still looked after.</summary>
    private IEnumerable<StageAction> OrphanedRuns(IReadOnlyList<StageRun> runs) => runs
        .Where(run => run is { Status: StageStatus.Active, WorkflowId: not null } && stages.All(stage => stage.Name != run.StageName))
        .Select(run => new StageAction.Check(run, null));

    private StageAction PlanStage(StageDefinition stage, Document document, IReadOnlyList<StageRun> runs)
    {
        var last = runs.Where(run => run.StageName == stage.Name).MaxBy(run => run.Counter);
        if (!stage.Active && (last is null || !StageRunKeys.IsOpen(last)))
        {
            return new StageAction.Skip(stage.Name, "the stage is not active", last, null);
        }

        var report = Requirements(stage, document, runs);
        return last switch
        {
            null => StartOrSkip(stage, 1, null, report),
            { Status: StageStatus.Scheduled } => report.Holds
                ? new StageAction.Activate(stage, last, report)
                : new StageAction.Skip(stage.Name, $"run {last.Counter} waits for its requirements", last, report),
            { Status: StageStatus.Active } => PlanOpenRun(stage, last, report),
            _ => PlanAgain(stage, last, report),
        };
    }

    private static StageAction PlanOpenRun(StageDefinition stage, StageRun run, RequirementReport report)
    {
        if (!report.Holds && !StageRunKeys.IsForced(run))
        {
            return new StageAction.End(run, StageStatus.Cancelled, $"its requirements stopped holding: {string.Join("; ", report.Missing)}", StageRunKeys.ByRequirements, report);
        }

        return run.WorkflowId is null ? new StageAction.Send(stage, run, report) : new StageAction.Check(run, report);
    }

    private StageAction PlanAgain(StageDefinition stage, StageRun last, RequirementReport report)
    {
        if (last.Status == StageStatus.Done)
        {
            return !options.RestartDone ? new StageAction.Skip(stage.Name, $"run {last.Counter} is done", last, report)
                : stage.MultipleCallable ? StartOrSkip(stage, last.Counter + 1, last, report)
                : new StageAction.Skip(stage.Name, $"run {last.Counter} is done, and the stage is not multiple_callable", last, report);
        }

        if (StageRunKeys.IsUnstarted(last) && (options.RetryUnstarted || options.RestartBlocked) && report.Holds && !stage.NoEval)
        {
            return new StageAction.Activate(stage, last, report);
        }

        var state = last.Status.ToString().ToLowerInvariant();
        return options.RestartBlocked || StageRunKeys.EndedByOf(last) is not null
            ? StartOrSkip(stage, last.Counter + 1, last, report)
            : new StageAction.Skip(stage.Name, $"run {last.Counter} is {state}{(last.Reason is null ? "" : $": {last.Reason}")}", last, report);
    }

    private static StageAction StartOrSkip(StageDefinition stage, int counter, StageRun? last, RequirementReport report) =>
        stage.NoEval ? new StageAction.Skip(stage.Name, "evaluation does not start it (no_eval); use 'stage run'", last, report)
        : report.Holds ? new StageAction.Start(stage, counter, report)
        : new StageAction.Skip(stage.Name, $"its requirements do not hold: {string.Join("; ", report.Missing)}", last, report);
}
