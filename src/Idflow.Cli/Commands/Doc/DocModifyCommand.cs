using System.CommandLine;
using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Cli.Commands.Doc;

/// <summary><c>idflow doc modify</c>: changes only what is named.</summary>
internal static class DocModifyCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = DocCommand.Id();
        var unset = DocumentEditOptions.Many("--unset", "k", "Takes a property away; dots walk into maps.");
        var body = new Option<string?>("--body") { Description = "A file with the new text; - reads it from stdin. Without it the text stays.", HelpName = "FILE|-" };
        var edits = new DocumentEditOptions();
        var command = new Command("modify", "Changes properties, references, files or the text of a document; all else stays byte for byte.") { id, unset, body };
        edits.AddTo(command);
        command.WithExamples(
            "idflow doc modify 3f2a91c0 --set priority=0.8 --set meta.owner=ada --unset draft",
            "idflow doc modify 3f2a91c0 --body text.md --list-add tags=revised");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var documents = project.Documents;
            var full = await documents.ResolveIdAsync(context.Parse.GetRequiredValue(id), context.CancellationToken).ConfigureAwait(false);
            var unwanted = context.Parse.GetValue(unset) ?? [];
            var edit = await DocumentEdit.ReadAsync(context, edits, unwanted, documents).ConfigureAwait(false);
            var before = await documents.GetAsync(full, context.CancellationToken).ConfigureAwait(false);
            edit.RequireFileKeys(before);
            WarnOfMissing(context, before, unwanted);
            if (edit.IsEmpty && context.Parse.GetValue(body) is null)
            {
                context.Output.Warn("nothing was asked for, so nothing changed; see 'idflow doc modify --help' for what can be changed.");
                return ExitCodes.Done;
            }

            var text = context.Parse.GetValue(body) is { } file ? await BodyInput.OfFileAsync(context, file).ConfigureAwait(false) : null;
            await documents.UpdateAsync(full, document => text is null ? edit.Apply(document) : edit.Apply(document) with { Body = text }, context.CancellationToken).ConfigureAwait(false);
            await edit.AddFilesAsync(documents, full, context.CancellationToken).ConfigureAwait(false);
            return ExitCodes.Done;
        });
    }

    /// <summary>Taking away what is not there is done already, but the name may be mistyped.</summary>
    private static void WarnOfMissing(CommandContext context, Document before, IEnumerable<string> unset)
    {
        foreach (var path in unset.Where(path => !PropertyPath.TryGet(before.Properties, path, out _)))
        {
            DocumentReport.Unknown(context, $"--unset: the document has no property '{path}'", path, PropertyNames.Of([before.Properties]));
        }
    }
}
