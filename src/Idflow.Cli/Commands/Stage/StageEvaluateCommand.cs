using System.CommandLine;
using System.Text.Json.Nodes;
using Idflow.Cli.Errors;
using Idflow.Cli.Rendering;
using Idflow.Documents;
using Idflow.Pipeline.Evaluation;

namespace Idflow.Cli.Commands.Stage;

/// <summary><c>idflow stage evaluate</c>: starts the stages that documents need now, or says why they do not start.</summary>
internal static class StageEvaluateCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var document = new Argument<string?>("ID") { Description = "A document. Its blocked stages, and done ones that may run again, start anew.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "All documents that are inbox or active. Blocked stages start anew, done ones do not; what is skipped is counted only, unless --explain is given." };
        var explain = new Option<bool>("--explain") { Description = "Shows every requirement with what was found and what is missing; starts nothing anew." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Changes nothing and starts nothing." };
        var json = GlobalOptions.Json();
        var command = new Command("evaluate", "Starts the stages whose requirements hold.") { document, all, explain, dryRun, json };
        command.WithExamples("idflow stage evaluate 3f2a --explain", "idflow stage evaluate --all --dry-run");
        return command.Does(environment, async context =>
        {
            var id = context.Parse.GetValue(document);
            if (id is null != context.Parse.GetValue(all))
            {
                throw CliException.Usage("Name one document, or give --all.", "For example: idflow stage evaluate --all");
            }

            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            project.WarnOf(project.Resources.Stages.Errors);

            var options = context.Parse.GetValue(explain) ? EvaluationOptions.Automatic : id is null ? EvaluationOptions.Asked : EvaluationOptions.AskedForDocument;
            options = options with { DryRun = context.Parse.GetValue(dryRun) };
            var ids = id is null ? await OpenDocumentsAsync(project, context).ConfigureAwait(false) : [await project.Documents.ResolveIdAsync(id, context.CancellationToken).ConfigureAwait(false)];
            var reports = new List<EvaluationReport>();
            await foreach (var report in InBatches.RunAsync(ids, documentId => project.Evaluator.EvaluateAsync(documentId, options, context.CancellationToken), context.CancellationToken).ConfigureAwait(false))
            {
                reports.Add(report);
                if (!context.Parse.GetValue(json))
                {
                    Show(context, report, withSkipped: id is not null || context.Parse.GetValue(explain), context.Parse.GetValue(explain));
                }
            }

            End(context, reports, context.Parse.GetValue(json));
            return ExitCodes.Done;
        });
    }

    private static async Task<IReadOnlyList<string>> OpenDocumentsAsync(ProjectSession project, CommandContext context)
    {
        var found = await project.Documents.QueryAsync(new DocumentQuery(), context.CancellationToken).ConfigureAwait(false);
        Doc.DocumentReport.Problems(context, found.Problems.Where(problem => !problem.IsWarning));

        return [.. found.Documents.Where(document => document.Status is Documents.Model.DocumentStatus.Inbox or Documents.Model.DocumentStatus.Active).Select(document => document.Id)];
    }

    private static void Show(CommandContext context, EvaluationReport report, bool withSkipped, bool explain)
    {
        foreach (var outcome in report.Outcomes.Where(outcome => withSkipped || outcome.Decision != StageDecision.Skipped))
        {
            context.Output.Line($"{report.DocumentId} {outcome.StageName}: {outcome.Decision.ToString().ToLowerInvariant()}, {outcome.Reason}");
            if (explain)
            {
                Explain(context, outcome);
            }
        }

        foreach (var warning in report.Warnings)
        {
            context.Output.Warn(warning);
        }
    }

    private static void End(CommandContext context, List<EvaluationReport> reports, bool json)
    {
        if (json)
        {
            context.Output.Json(new JsonArray([.. reports.SelectMany(report => report.Outcomes.Select(outcome => StageJson.Of(report.DocumentId, outcome)))]));
            return;
        }

        var decisions = reports.SelectMany(report => report.Outcomes).GroupBy(outcome => outcome.Decision).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}");
        context.Output.Progress($"{Counted.Of(reports.Count, "document")} evaluated; stages: {string.Join(", ", decisions.DefaultIfEmpty("none"))}.");
    }

    private static void Explain(CommandContext context, StageOutcome outcome)
    {
        foreach (var result in outcome.Requirements?.Results ?? [])
        {
            context.Output.Line($"  {(result.Holds ? "holds  " : "missing")} {result.Key}: wanted {result.Wanted}; found {result.Found}{(result.Missing is null ? "" : $"; {result.Missing}")}");
        }
    }
}
