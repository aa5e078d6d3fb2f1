using System.CommandLine;
using System.Text.Json.Nodes;
using Idflow.Documents.Model;
using Idflow.Pipeline.Stages;

namespace Idflow.Cli.Commands.Stage;

/// <summary><c>idflow stage list</c>: the stages, what they run and want, and their state on a document.</summary>
internal static class StageListCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var document = new Option<string?>("--doc") { Description = "Adds the state of each stage on this document.", HelpName = "ID" };
        var json = GlobalOptions.Json();
        var command = new Command("list", "Lists the stages, their workflows and requirements.") { document, json };
        command.WithExamples("idflow stage list", "idflow stage list --doc 3f2a --json");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var catalog = project.Resources.Stages;
            foreach (var error in catalog.Errors)
            {
                context.Output.Warn(error.ToString());
            }

            var runs = context.Parse.GetValue(document) is { } id
                ? await RunsAsync(project, id, context.CancellationToken).ConfigureAwait(false)
                : null;
            if (context.Parse.GetValue(json))
            {
                context.Output.Json(new JsonArray([.. catalog.Stages.Select(stage => StageJson.Of(stage, runs))]));
            }
            else
            {
                string[] headings = ["STAGE", "STATE", "WORKFLOWS", "WANTS", "FILE"];
                context.Output.Table(runs is null ? headings : [.. headings, "ON THE DOCUMENT"], catalog.Stages.Select(stage => Row(stage, runs)));
            }

            return catalog.Errors.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
    }

    private static async Task<IReadOnlyList<StageRun>> RunsAsync(ProjectSession project, string id, CancellationToken cancellationToken)
    {
        var store = project.Documents;
        return await store.GetStageRunsAsync(await store.ResolveIdAsync(id, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private static string[] Row(StageDefinition stage, IReadOnlyList<StageRun>? runs)
    {
        string[] row =
        [
            stage.Name,
            !stage.Active ? "inactive" : stage.NoEval ? "by hand" : "active",
            string.Join(", ", stage.Workflows.Select(workflow => workflow.Name)),
            StageJson.Summary(stage.Requirements),
            stage.Sources[0].Path,
        ];
        return runs is null ? row : [.. row, StateOn(stage, runs)];
    }

    private static string StateOn(StageDefinition stage, IReadOnlyList<StageRun> runs) =>
        runs.Where(run => run.StageName == stage.Name).MaxBy(run => run.Counter) is { } run
            ? $"{run.Status.ToString().ToLowerInvariant()} (run {run.Counter}){(run is { Status: StageStatus.Active, WorkflowId: null } ? ", start to be sent" : "")}{(run.Reason is null ? "" : $": {run.Reason}")}"
            : "";
}
