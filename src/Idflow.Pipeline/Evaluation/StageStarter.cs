using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Documents;
using Idflow.Documents.Model;
using Idflow.Pipeline.Requirements;
using Idflow.Pipeline.Stages;
using Idflow.Scripting;
using Microsoft.Extensions.Logging;

namespace Idflow.Pipeline.Evaluation;

/// <summary>
/// Sends the starts of stage runs to the engine and looks after their workflows. A run is its own outbox: while it is active
/// without a workflow its start is still to be sent, and sending it twice starts one workflow only.
/// </summary>
internal sealed class StageStarter(IDocumentStore store, OpenStageEngine open, IScriptEvaluator scripts, ILogger logger)
{
    public const string StageWorkflowName = "stage_workflow";

    /// <param name="stage">The definition that the run follows.</param>
    /// <param name="run">An active run without a workflow.</param>
    /// <param name="isNew">True for the one who made the run: nobody else can have started it.</param>
    /// <param name="report">Passed on in the outcome.</param>
    /// <param name="cancellationToken">Stops the sending; the run stays to be sent.</param>
    public async Task<StageOutcome> SendAsync(StageDefinition stage, StageRun run, bool isNew, RequirementReport? report, CancellationToken cancellationToken)
    {
        try
        {
            var engine = await open(cancellationToken).ConfigureAwait(false);
            await engine.Registrar.EnsureAsync(cancellationToken).ConfigureAwait(false);
            var input = await InputAsync(stage, run, cancellationToken).ConfigureAwait(false);
            if (await FindUnknownAsync(stage, engine, cancellationToken).ConfigureAwait(false) is { } unknown)
            {
                return await BlockAsync(run, unknown, report, cancellationToken).ConfigureAwait(false);
            }

            var workflowId = (isNew ? null : await FindStartedAsync(engine.Conductor, run, cancellationToken).ConfigureAwait(false))
                ?? await StartAsync(engine.Conductor, run, input, cancellationToken).ConfigureAwait(false);
            return await RecordAsync(engine.Conductor, run, workflowId, report, cancellationToken).ConfigureAwait(false);
        }
        catch (ScriptException error)
        {
            return await BlockAsync(run, error.Message, report, cancellationToken).ConfigureAwait(false);
        }
        catch (ConductorException error) when (error.Retryable)
        {
            logger.LogWarning(error, "The start of stage {Stage} run {Counter} of document {Document} is kept", run.StageName, run.Counter, run.DocumentId);
            return new StageOutcome(run.StageName, StageDecision.Pending, $"its start is kept and sent later: {error.Message}") { Run = run, Requirements = report };
        }
        catch (ConductorException error)
        {
            return await BlockAsync(run, $"the engine refused the start: {error.Message}", report, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Blocks an active run whose workflow has ended or is not known to the engine.</summary>
    public async Task<StageOutcome> CheckAsync(StageRun run, RequirementReport? report, CancellationToken cancellationToken)
    {
        var running = new StageOutcome(run.StageName, StageDecision.Running, $"run {run.Counter} is active") { Run = run, Requirements = report };
        try
        {
            var engine = await open(cancellationToken).ConfigureAwait(false);
            var workflow = await engine.Conductor.GetWorkflowAsync(run.WorkflowId!, includeTasks: false, cancellationToken).ConfigureAwait(false);
            return workflow.IsTerminal
                ? await BlockAsync(run, EndedReason(workflow), report, cancellationToken).ConfigureAwait(false)
                : running;
        }
        catch (ConductorException error) when (error.Status == 404)
        {
            var reason = $"the engine does not know its workflow {run.WorkflowId}; start the stage again with: idflow stage evaluate {run.DocumentId}";
            return await BlockAsync(run, reason, report, cancellationToken).ConfigureAwait(false);
        }
        catch (ConductorException error) when (error.Retryable)
        {
            return running with { Warnings = [$"The state of stage '{run.StageName}' could not be checked: {error.Message}"] };
        }
    }

    /// <summary>Ends a run's workflow, if there is one; a warning when that could not be done.</summary>
    public async Task<string?> TerminateAsync(StageRun run, string reason, CancellationToken cancellationToken)
    {
        if (run.WorkflowId is null)
        {
            return null;
        }

        try
        {
            var engine = await open(cancellationToken).ConfigureAwait(false);
            await engine.Conductor.TerminateWorkflowAsync(run.WorkflowId, reason, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (ConductorException error) when (error.Status is 404 or 409)
        {
            return null;
        }
        catch (ConductorException error)
        {
            return $"The workflow {run.WorkflowId} of stage '{run.StageName}' could not be ended and may go on: {error.Message}";
        }
    }

    private static string EndedReason(Workflow workflow) => workflow.Status == WorkflowStatus.COMPLETED
        ? $"its workflow {workflow.WorkflowId} has ended, but the run was not closed; start the stage again"
        : $"its workflow {workflow.WorkflowId} is {workflow.Status}: {workflow.ReasonForIncompletion ?? "no reason given"}";

    private async Task<JsonObject> InputAsync(StageDefinition stage, StageRun run, CancellationToken cancellationToken)
    {
        var document = await store.GetAsync(run.DocumentId, cancellationToken).ConfigureAwait(false);
        var runs = await store.GetStageRunsAsync(run.DocumentId, cancellationToken).ConfigureAwait(false);
        var whole = DocumentJson.Of(document, runs);
        var workflows = stage.Workflows.Where(workflow => IsWanted(workflow, whole)).Select(workflow => new JsonObject
        {
            ["name"] = workflow.Name,
            ["version"] = workflow.Version,
            ["inputs"] = workflow.Inputs.DeepClone(),
            ["correlationId"] = workflow.CorrelationId,
        });
        return new JsonObject
        {
            ["docId"] = run.DocumentId,
            ["stageName"] = run.StageName,
            ["stageCounter"] = run.Counter,
            ["stageRunKey"] = StageRunKeys.StartKeyOf(run),
            ["correlationId"] = StageRunKeys.CorrelationId(run),
            ["workflows"] = new JsonArray([.. workflows]),
            ["doc"] = DocumentJson.Of(document, runs, DocumentJson.LongestBody),
        };
    }

    private bool IsWanted(StageWorkflow workflow, JsonObject document)
    {
        if (workflow.When is not { } when)
        {
            return true;
        }

        try
        {
            return IsTruthy(scripts.Evaluate(when, new Dictionary<string, JsonNode?> { ["doc"] = document.DeepClone() }));
        }
        catch (ScriptException error)
        {
            throw new ScriptException(error.Failure, $"'when' of the workflow '{workflow.Name}' ({workflow.WhenPlace}) failed: {error.Message}", error.Line, error);
        }
    }

    /// <summary>As JavaScript converts a value to a boolean.</summary>
    private static bool IsTruthy(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False => false,
        JsonValueKind.Number => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) != 0,
        JsonValueKind.String => value.GetValue<string>().Length > 0,
        _ => true,
    };

    /// <summary>What is wrong when a workflow of the stage is neither in the project nor known to the engine.</summary>
    private static async Task<string?> FindUnknownAsync(StageDefinition stage, StageEngine engine, CancellationToken cancellationToken)
    {
        foreach (var workflow in stage.Workflows.Where(workflow => engine.Registrar.Catalog.Find(workflow.Name, workflow.Version) is null))
        {
            try
            {
                await engine.Conductor.GetWorkflowDefAsync(workflow.Name, workflow.Version, cancellationToken).ConfigureAwait(false);
            }
            catch (ConductorException error) when (error.Status == 404)
            {
                return $"the workflow '{workflow.Name}'{(workflow.Version is null ? "" : $" version {workflow.Version}")} does not exist. {engine.Registrar.Catalog.Suggest(workflow.Name)}";
            }
        }

        return null;
    }

    /// <summary>The workflow that an earlier sender started for this run and could not write down.</summary>
    private static async Task<string?> FindStartedAsync(IConductor conductor, StageRun run, CancellationToken cancellationToken)
    {
        var startKey = StageRunKeys.StartKeyOf(run);
        var known = await conductor.GetWorkflowsByCorrelationIdAsync(StageWorkflowName, StageRunKeys.CorrelationId(run), includeClosed: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        return known.FirstOrDefault(workflow => startKey is null ? !workflow.IsTerminal : (string?)workflow.Input["stageRunKey"] == startKey)?.WorkflowId;
    }

    private static Task<string> StartAsync(IConductor conductor, StageRun run, JsonObject input, CancellationToken cancellationToken)
    {
        var correlationId = StageRunKeys.CorrelationId(run);
        return conductor.StartWorkflowAsync(
            new StartWorkflowRequest
            {
                Name = StageWorkflowName,
                Input = input,
                CorrelationId = correlationId,
                IdempotencyKey = StageRunKeys.StartKeyOf(run) is { } startKey ? $"{correlationId}:{startKey}" : correlationId,
                IdempotencyStrategy = IdempotencyStrategy.RETURN_EXISTING,
            },
            cancellationToken);
    }

    private async Task<StageOutcome> RecordAsync(IConductor conductor, StageRun run, string workflowId, RequirementReport? report, CancellationToken cancellationToken)
    {
        var stored = await store.UpdateStageRunAsync(run.DocumentId, run.StageName, run.Counter, current => current.WorkflowId is null ? current with { WorkflowId = workflowId } : current, cancellationToken).ConfigureAwait(false);
        var outcome = new StageOutcome(run.StageName, StageDecision.Started, $"run {run.Counter} started as workflow {stored.WorkflowId}") { Run = stored, Requirements = report };
        if (stored.WorkflowId == workflowId && stored.Status is not (StageStatus.Cancelled or StageStatus.Blocked))
        {
            return outcome;
        }

        // Two senders at once on a server without idempotency keys, or a run that was ended meanwhile: this workflow is one too many.
        var ended = stored.WorkflowId == workflowId ? $"the stage run is {stored.Status}" : $"workflow {stored.WorkflowId} runs this stage run already";
        var warning = await TerminateAsync(stored with { WorkflowId = workflowId }, ended, cancellationToken).ConfigureAwait(false);
        return outcome with { Reason = ended, Decision = stored.WorkflowId == workflowId ? StageDecision.Skipped : StageDecision.Running, Warnings = warning is null ? [] : [warning] };
    }

    private async Task<StageOutcome> BlockAsync(StageRun run, string reason, RequirementReport? report, CancellationToken cancellationToken)
    {
        var stored = await store.UpdateStageRunAsync(
            run.DocumentId, run.StageName, run.Counter,
            current => current.Status == StageStatus.Active && current.WorkflowId == run.WorkflowId ? current with { Status = StageStatus.Blocked, Reason = reason } : current,
            cancellationToken).ConfigureAwait(false);
        return stored is { Status: StageStatus.Blocked }
            ? new StageOutcome(run.StageName, StageDecision.Blocked, stored.Reason ?? reason) { Run = stored, Requirements = report }
            : new StageOutcome(run.StageName, StageDecision.Skipped, $"run {stored.Counter} is {stored.Status.ToString().ToLowerInvariant()}") { Run = stored, Requirements = report };
    }
}
