using System.CommandLine;
using System.Text.Json.Nodes;
using Idflow.Pipeline.Resources;

namespace Idflow.Cli.Commands.Workflow;

/// <summary><c>idflow workflow upload [NAME|FILE]</c>: brings definitions to the engine.</summary>
internal static class WorkflowUploadCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var name = new Argument<string?>("NAME") { Description = "A workflow of the project, or a JSON file. Default: all workflows, tasks and event handlers.", Arity = ArgumentArity.ZeroOrOne };
        var json = GlobalOptions.Json();
        var command = new Command("upload", "Brings definitions that are new or changed to the engine.") { name, json };
        command.WithExamples("idflow workflow upload", "idflow workflow upload my_flow");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var chosen = context.Parse.GetValue(name) is { } named ? WorkflowSelection.One(context, project.Resources, named) : null;
            foreach (var error in chosen is null ? project.Resources.Workflows.Errors : [])
            {
                context.Output.Warn(error.ToString());
            }

            var registrar = await project.Engine.RegistrarAsync(context.CancellationToken).ConfigureAwait(false);
            var report = chosen is null
                ? await registrar.RegisterAsync(context.CancellationToken).ConfigureAwait(false)
                : await registrar.RegisterAsync([chosen], context.CancellationToken).ConfigureAwait(false);
            await ServedTasks.WarnOfOthersAsync(project, chosen is null ? project.Resources.Workflows.Workflows : [chosen], context.CancellationToken).ConfigureAwait(false);
            Show(context, report, context.Parse.GetValue(json));
            return report.Refused.Count == 0 && (chosen is not null || project.Resources.Workflows.Errors.Count == 0) ? ExitCodes.Done : ExitCodes.Failed;
        });
    }

    private static void Show(CommandContext context, RegistrationReport report, bool json)
    {
        if (json)
        {
            context.Output.Json(new JsonObject { ["uploaded"] = Texts(report.Uploaded), ["unchanged"] = Texts(report.Unchanged), ["refused"] = Texts(report.Refused) });
        }

        foreach (var item in json ? [] : report.Uploaded)
        {
            context.Output.Line($"uploaded {item}");
        }

        foreach (var item in report.Refused)
        {
            context.Output.Error($"refused {item}", null);
        }

        context.Output.Progress($"{report.Uploaded.Count} uploaded, {report.Unchanged.Count} unchanged, {report.Refused.Count} refused");
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];
}
