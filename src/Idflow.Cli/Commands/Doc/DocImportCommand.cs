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
            await foreach (var outcome in InBatches.RunAsync(Read(context, files, wanted), file => AddAsync(project, file, context.CancellationToken), context.CancellationToken).ConfigureAwait(false))
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

    /// <summary>Read one after the other, so that of several files with the same text the first one becomes the document.</summary>
    private static IEnumerable<ReadFile> Read(CommandContext context, IEnumerable<string> files, DocumentStatus status)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var read = ReadOne(file, Shown(context, file), status);
            yield return read.Document is { } document && !ids.Add(document.Id) ? new(null, ThereAlready(read.Shown, document.Id), read.Shown) : read;
        }
    }

    private static ReadFile ReadOne(string file, string shown, DocumentStatus status)
    {
        try
        {
            return new(MarkdownImport.Read(File.ReadAllBytes(file), shown, status), null, shown);
        }
        catch (DocumentFormatException broken)
        {
            return new(null, broken.Message, shown);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or FileNotFoundException)
        {
            return new(null, $"{shown}: it cannot be read ({error.Message})", shown);
        }
    }

    private static async Task<(string? Id, string? Reason)> AddAsync(ProjectSession project, ReadFile file, CancellationToken cancellationToken)
    {
        if (file.Document is null)
        {
            return (null, file.Reason);
        }

        try
        {
            await project.Documents.CreateAsync(file.Document, cancellationToken).ConfigureAwait(false);
            return (file.Document.Id, null);
        }
        catch (DocumentExistsException)
        {
            return (null, ThereAlready(file.Shown, file.Document.Id));
        }
    }

    private static string ThereAlready(string shown, string id) => $"{shown}: there already, as {id}";

    /// <summary>A file's document, or why it has none.</summary>
    private sealed record ReadFile(Document? Document, string? Reason, string Shown);
}
