using System.CommandLine;
using Idflow.Cli.Hosting;
using Idflow.Documents.Model;
using Idflow.Pipeline.Evaluation;

namespace Idflow.Cli.Commands.Stage;

/// <summary><c>idflow stage run STAGE ID</c>: starts one stage on a document.</summary>
internal static class StageRunCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var stage = new Argument<string>("STAGE") { Description = "The stage, also one that evaluation never starts (no_eval)." };
        var document = new Argument<string>("ID") { Description = "The document." };
        var force = new Option<bool>("--force") { Description = "Starts it though its requirements do not hold, it is done, or it is not active." };
        var wait = new Option<bool>("--wait") { Description = "Runs workers too and follows the stage to its end." };
        var command = new Command("run", "Starts a stage on a document.") { stage, document, force, wait };
        command.WithExamples("idflow stage run review 3f2a", "idflow stage run review 3f2a --force --wait");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var name = project.Resources.Stages.Get(context.Parse.GetRequiredValue(stage)).Name;
            var id = await project.Documents.ResolveIdAsync(context.Parse.GetRequiredValue(document), context.CancellationToken).ConfigureAwait(false);
            if (context.Parse.GetValue(wait))
            {
                return await RunToEndAsync(context, project, name, id, context.Parse.GetValue(force)).ConfigureAwait(false);
            }

            var outcome = await project.Evaluator.StartAsync(name, id, context.Parse.GetValue(force), context.CancellationToken).ConfigureAwait(false);
            return Report(context, outcome);
        });
    }

    private static async Task<int> RunToEndAsync(CommandContext context, ProjectSession project, string stage, string id, bool force)
    {
        await using var host = await project.StartHostAsync(new HostRequest(), context.CancellationToken).ConfigureAwait(false);
        var outcome = await FindActiveAsync(project, stage, id, context.CancellationToken).ConfigureAwait(false)
            ?? await project.Evaluator.StartAsync(stage, id, force, context.CancellationToken).ConfigureAwait(false);
        if (Report(context, outcome) is var exitCode && outcome.Run is not { Status: StageStatus.Active, WorkflowId: { } workflowId })
        {
            return exitCode;
        }

        var workflow = await host.RunWorkflowToEndAsync(workflowId, context.CancellationToken).ConfigureAwait(false);
        if (workflow.IsTerminal)
        {
            // The failure workflow writes the reason down after the stage's own workflow has ended.
            await host.Watcher.WaitAsync(context.Environment.TimeProvider.GetUtcNow(), context.CancellationToken).ConfigureAwait(false);
        }

        var runs = await project.Documents.GetStageRunsAsync(id, context.CancellationToken).ConfigureAwait(false);
        var run = runs.Single(run => run.StageName == stage && run.Counter == outcome.Run.Counter);
        context.Output.Line($"{stage} {run.Counter} {run.Status.ToString().ToLowerInvariant()}{(run.Reason is null ? "" : $": {run.Reason}")}");
        foreach (var result in run.Results)
        {
            context.Output.Progress($"result {result}.md");
        }

        return run.Status == StageStatus.Done ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>The run that is active already: it is followed instead of refused.</summary>
    private static async Task<StageOutcome?> FindActiveAsync(ProjectSession project, string stage, string id, CancellationToken cancellationToken)
    {
        var runs = await project.Documents.GetStageRunsAsync(id, cancellationToken).ConfigureAwait(false);
        return runs.LastOrDefault(run => run.StageName == stage) is { Status: StageStatus.Active, WorkflowId: not null } run
            ? new StageOutcome(stage, StageDecision.Running, $"run {run.Counter} is active already as workflow {run.WorkflowId}") { Run = run }
            : null;
    }

    private static int Report(CommandContext context, StageOutcome outcome)
    {
        foreach (var warning in outcome.Warnings)
        {
            context.Output.Warn(warning);
        }

        var line = $"{outcome.StageName}: {outcome.Reason}";
        if (outcome.Decision is StageDecision.Started or StageDecision.Running)
        {
            context.Output.Progress(line);
            return ExitCodes.Done;
        }

        context.Output.Warn(line);
        return outcome.Decision == StageDecision.Pending ? ExitCodes.EngineUnreachable : ExitCodes.Failed;
    }
}
