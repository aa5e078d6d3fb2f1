using System.Globalization;
using System.Text.Json.Nodes;
using Idflow.Documents;
using Idflow.Documents.Model;
using Idflow.Pipeline.Evaluation;
using Idflow.Workers;

namespace Idflow.Tasks.StageTasks;

/// <summary>The tasks of the shipped <c>stage_workflow</c>, <c>stage_failure</c> and <c>stage_evaluation_trigger</c>.</summary>
internal sealed class StageTask(IDocumentStore store, StageEvaluator evaluator)
{
    /// <summary>Plans a stage run: for each workflow of the stage a branch that runs it and stores its result.</summary>
    /// <param name="docId">The document.</param>
    /// <param name="stageName">The stage.</param>
    /// <param name="stageCounter">The number of the run.</param>
    /// <param name="workflows">The workflows to run: <c>name</c>, <c>version</c>, <c>inputs</c>, <c>correlationId</c>.</param>
    /// <param name="stageRunKey">The key of the run that this was started for.</param>
    /// <param name="context">The task.</param>
    [WorkerTask("prepare_stage_workflows", Concurrency = 4)]
    public async Task<JsonObject> PrepareAsync(string docId, string stageName, int stageCounter, JsonArray? workflows, string? stageRunKey, TaskContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var run = await FindRunAsync(docId, stageName, stageCounter, context.CancellationToken);
        if (run.WorkflowId is { } owner && owner != context.WorkflowId)
        {
            throw TaskFailedException.Terminal($"Run {stageCounter} of stage '{stageName}' belongs to workflow {owner}; this one was started once too often.");
        }

        if (run.Status is not StageStatus.Active)
        {
            throw TaskFailedException.Terminal($"Run {stageCounter} of stage '{stageName}' is {run.Status.ToString().ToLowerInvariant()}; only an active run is worked on.");
        }

        return StagePlan.Of(stageName, stageCounter, workflows ?? []);
    }

    /// <summary>Stores what a sub-workflow of a stage made as Markdown files of the stage run; storing it again replaces it.</summary>
    /// <param name="docId">The document.</param>
    /// <param name="stageName">The stage.</param>
    /// <param name="stageCounter">The number of the run.</param>
    /// <param name="resultName">The name of the result file, without <c>.md</c>.</param>
    /// <param name="output">The sub-workflow's output: <c>doc</c> (a map with <c>body</c> or <c>content</c>, or a text) is stored; <c>files</c> (maps with <c>name</c>) below it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [WorkerTask("persist_stage_sub_wf_result", Concurrency = 4)]
    public async Task<JsonObject> PersistAsync(string docId, string stageName, int stageCounter, string resultName, JsonObject? output, CancellationToken cancellationToken)
    {
        await FindRunAsync(docId, stageName, stageCounter, cancellationToken);
        var results = StageResults.From(resultName, output ?? []);
        foreach (var result in results)
        {
            await store.WriteResultAsync(docId, stageName, stageCounter, result, cancellationToken);
        }

        return new JsonObject
        {
            ["stored"] = new JsonArray([.. results.Select(result => JsonValue.Create(result.Name))]),
            ["hasDoc"] = results.Any(result => result.Name == resultName),
        };
    }

    /// <summary>Sets the state of a stage run, if the calling workflow is the one that the run belongs to.</summary>
    /// <param name="docId">The document.</param>
    /// <param name="stageName">The stage.</param>
    /// <param name="stageCounter">The number of the run.</param>
    /// <param name="status">One of <c>done</c> and <c>blocked</c>.</param>
    /// <param name="stageWorkflowId">The stage workflow that came to an end.</param>
    /// <param name="reason">Why the run is blocked.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [WorkerTask("update_stage_status", Concurrency = 4)]
    public async Task<JsonObject> UpdateStatusAsync(string docId, string stageName, int stageCounter, string status, string stageWorkflowId, string? reason, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<StageStatus>(status, ignoreCase: true, out var wanted) || wanted is not (StageStatus.Done or StageStatus.Blocked))
        {
            throw TaskFailedException.Terminal($"Input 'status' is '{status}'; a workflow can set a stage run to 'done' or 'blocked'.");
        }

        await FindRunAsync(docId, stageName, stageCounter, cancellationToken);
        var run = await evaluator.CloseRunAsync(docId, stageName, stageCounter, wanted, FailureReason.Shorten(reason ?? "its workflow failed"), stageWorkflowId, cancellationToken);
        return new JsonObject
        {
            ["status"] = run.Status.ToString().ToLowerInvariant(),
            ["changed"] = run.Status == wanted && run.WorkflowId == stageWorkflowId,
        };
    }

    /// <summary>Evaluates the stages of a document and starts those whose requirements hold now.</summary>
    /// <param name="docId">The document.</param>
    /// <param name="context">The task.</param>
    [WorkerTask("evaluate_stages", Concurrency = 4)]
    public async Task<JsonObject> EvaluateAsync(string docId, TaskContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            var report = await evaluator.EvaluateAsync(docId, EvaluationOptions.Automatic, context.CancellationToken);
            foreach (var outcome in report.Outcomes)
            {
                context.Log($"{outcome.StageName}: {outcome.Decision} ({outcome.Reason})");
            }

            foreach (var warning in report.Warnings)
            {
                context.Log($"warning: {warning}");
            }

            return new JsonObject { ["docId"] = docId, ["started"] = Names(report, StageDecision.Started), ["pending"] = Names(report, StageDecision.Pending) };
        }
        catch (DocumentNotFoundException error)
        {
            throw TaskFailedException.Terminal(error.Message, error);
        }
    }

    private static JsonArray Names(EvaluationReport report, StageDecision decision) =>
        [.. report.Of(decision).Select(outcome => JsonValue.Create(outcome.StageName))];

    /// <exception cref="TaskFailedException">Terminal: the document or the run does not exist.</exception>
    private async Task<StageRun> FindRunAsync(string docId, string stageName, int stageCounter, CancellationToken cancellationToken)
    {
        try
        {
            var runs = await store.GetStageRunsAsync(docId, cancellationToken);
            return runs.FirstOrDefault(run => run.StageName == stageName && run.Counter == stageCounter)
                ?? throw TaskFailedException.Terminal($"The document {docId} has no run {stageCounter.ToString(CultureInfo.InvariantCulture)} of stage '{stageName}'.");
        }
        catch (DocumentNotFoundException error)
        {
            throw TaskFailedException.Terminal(error.Message, error);
        }
    }
}
