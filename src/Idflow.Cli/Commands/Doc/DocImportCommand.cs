using System.CommandLine;
using Idflow.Cli.Errors;
using Idflow.Documents;
using Idflow.Documents.Markdown;
using Idflow.Documents.Model;

namespace Idflow.Cli.Commands.Doc;

/// <summary><c>idflow doc import</c>: Markdown and text files become documents; what is there already is not added again.</summary>
internal static class DocImportCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files, folders that are searched through, or patterns like 'notes/*.md'.", Arity = ArgumentArity.ZeroOrMore };
        var glob = new Option<string?>("--glob") { Description = "In folders only files whose name matches. Default: *.md, *.markdown and *.txt.", HelpName = "PATTERN", Arity = ArgumentArity.ZeroOrOne };
        var status = new Option<string>("--status", "-s") { Description = "The status of documents whose front matter has none.", HelpName = "STATUS", DefaultValueFactory = _ => "inbox" };
        var command = new Command("import", "Makes documents of Markdown and text files; front matter is kept. Prints their ids. Importing the same text again adds nothing.") { paths, glob, status };
        command.WithExamples("idflow doc import notes/", "idflow doc import archive/ --glob '19*.txt' --status archived");
        return command.Does(environment, async context =>
        {
            var wanted = DocumentStatusText.Parse(context.Parse.GetRequiredValue(status));
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var (named, pattern) = (context.Parse.GetValue(paths) ?? [], context.Parse.GetValue(glob));
            var files = named.Length > 0 ? ImportFiles.Find(context.Environment.WorkingDirectory, named, pattern)
                : pattern is not null ? ImportFiles.Find(context.Environment.WorkingDirectory, [pattern], null)
                : throw CliException.Usage("Name the files or folders to import.", "See 'idflow doc import --help'.");
            if (files.Count == 0)
            {
                context.Output.Warn($"no file in {string.Join(", ", named)} has a name like {pattern ?? ImportFiles.DefaultPatterns}.");
            }

            using var bulk = project.Documents.BeginBulk();
            var (added, skipped) = (0, 0);
            await foreach (var outcome in InBatches.RunAsync(files, file => ImportOneAsync(project, file, Shown(context, file), wanted, context.CancellationToken), context.CancellationToken).ConfigureAwait(false))
            {
                if (outcome.Id is not null)
                {
                    added++;
                    context.Output.Line(outcome.Id);
                }
                else
                {
                    skipped++;
                    context.Output.Progress($"skipped {outcome.Reason}");
                }
            }

            context.Output.Progress($"{added} added, {skipped} skipped.");
            return ExitCodes.Done;
        });
    }

    /// <summary>The path as the user may have typed it: relative where the file is below the current folder.</summary>
    private static string Shown(CommandContext context, string file) =>
        Path.GetRelativePath(context.Environment.WorkingDirectory, file) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;

    private static async Task<(string? Id, string? Reason)> ImportOneAsync(ProjectSession project, string file, string shown, DocumentStatus status, CancellationToken cancellationToken)
    {
        var id = "";
        try
        {
            var document = MarkdownImport.Read(await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false), shown, status);
            id = document.Id;
            await project.Documents.CreateAsync(document, cancellationToken).ConfigureAwait(false);
            return (document.Id, null);
        }
        catch (DocumentExistsException)
        {
            return (null, $"{shown}: there already, as {id}");
        }
        catch (DocumentFormatException broken)
        {
            return (null, broken.Message);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or FileNotFoundException)
        {
            return (null, $"{shown}: it cannot be read ({error.Message})");
        }
    }
}
