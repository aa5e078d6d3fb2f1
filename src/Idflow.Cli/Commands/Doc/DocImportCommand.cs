using System.CommandLine;
using Idflow.Cli.Errors;
using Idflow.Documents;
using Idflow.Documents.Markdown;

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
            var (added, skipped) = (0, 0);
            foreach (var file in files)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                var outcome = await ImportOneAsync(project, file, wanted, context.CancellationToken).ConfigureAwait(false);
                if (outcome.Id is not null)
                {
                    added++;
                    context.Output.Line(outcome.Id);
                }
                else
                {
                    skipped++;
                    context.Output.Progress($"skipped {file}: {outcome.Reason}");
                }
            }

            context.Output.Progress($"{added} added, {skipped} skipped.");
            return ExitCodes.Done;
        });
    }

    private static async Task<(string? Id, string? Reason)> ImportOneAsync(ProjectSession project, string file, Documents.Model.DocumentStatus status, CancellationToken cancellationToken)
    {
        try
        {
            var document = MarkdownImport.Read(await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false), file, status);
            await project.Documents.CreateAsync(document, cancellationToken).ConfigureAwait(false);
            return (document.Id, null);
        }
        catch (DocumentExistsException)
        {
            return (null, "the document is there already");
        }
        catch (DocumentFormatException broken)
        {
            return (null, broken.Message);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or FileNotFoundException)
        {
            return (null, error.Message);
        }
    }
}
