using System.CommandLine;
using System.Text;
using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Cli.Commands.Doc;

/// <summary><c>idflow doc show</c>: one document with all that belongs to it.</summary>
internal static class DocShowCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = DocCommand.Id();
        var raw = new Option<bool>("--raw") { Description = "The file itself, byte for byte." };
        var json = GlobalOptions.Json();
        var command = new Command("show", "Shows a document, its references, files, stages and results.") { id, raw, json };
        command.WithExamples("idflow doc show 3f2a91c0", "idflow doc show 3f2a91c0 --json", "idflow doc show 3f2a91c0 --raw > copy.md");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var full = await project.Documents.ResolveIdAsync(context.Parse.GetRequiredValue(id), context.CancellationToken).ConfigureAwait(false);
            if (context.Parse.GetValue(raw))
            {
                var path = await project.Locator.LocateAsync(full, context.CancellationToken).ConfigureAwait(false);
                context.Output.Raw(Encoding.UTF8.GetString(await File.ReadAllBytesAsync(path, context.CancellationToken).ConfigureAwait(false)));
                return ExitCodes.Done;
            }

            var document = await project.Documents.GetAsync(full, context.CancellationToken).ConfigureAwait(false);
            var runs = await project.Documents.GetStageRunsAsync(full, context.CancellationToken).ConfigureAwait(false);
            var place = await project.PathOfAsync(full).ConfigureAwait(false);
            if (context.Parse.GetValue(json))
            {
                context.Output.Json(DocumentJson.Of(document, runs, place));
                return ExitCodes.Done;
            }

            WriteHead(context, document, place);
            WriteStages(context, runs);
            context.Output.Line("");
            context.Output.Line(document.Body.TrimEnd('\n'));
            return ExitCodes.Done;
        });
    }

    private static void WriteHead(CommandContext context, Document document, string? path)
    {
        context.Output.Line($"id: {document.Id}");
        context.Output.Line($"status: {DocumentStatusText.Of(document.Status)}");
        if (path is not null)
        {
            context.Output.Line($"path: {path}");
        }

        foreach (var (key, value) in document.Properties)
        {
            context.Output.Line($"{key}: {PropertyText.Of(value)}");
        }

        foreach (var reference in document.DocumentReferences)
        {
            context.Output.Line($"document {reference.Key}: {reference.Uuid}{Data(reference.Data)}");
        }

        foreach (var file in document.FileReferences)
        {
            context.Output.Line($"file {file.Key}: {file.FileName} ({file.Uuid}){Data(file.Data)}");
        }
    }

    private static void WriteStages(CommandContext context, IEnumerable<StageRun> runs)
    {
        foreach (var run in runs)
        {
            context.Output.Line($"stage {run.StageName}/{run.Counter}: {run.Status.ToString().ToLowerInvariant()}{(run.Reason is null ? "" : $", {run.Reason}")}");
            foreach (var result in run.Results)
            {
                context.Output.Line($"  result {result}");
            }
        }
    }

    private static string Data(PropertyMap data) => data.Count == 0 ? "" : $" {PropertyJson.Write(data)}";
}
