using System.CommandLine;
using Idflow.Documents.Model;

namespace Idflow.Cli.Commands.Doc;

/// <summary><c>idflow doc add</c>: stores a new document, prints its id.</summary>
internal static class DocAddCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var body = new Argument<string?>("BODY") { Description = "The text. '-', or nothing while stdin is not a terminal, reads it from stdin.", Arity = ArgumentArity.ZeroOrOne };
        var status = new Option<string>("--status", "-s") { Description = "inbox, active, done, blocked or archived.", HelpName = "STATUS", DefaultValueFactory = _ => "inbox" };
        var edits = new DocumentEditOptions();
        var command = new Command("add", "Stores a new document and starts the stages it needs; prints its id.") { body, status };
        edits.AddTo(command);
        command.WithExamples(
            "idflow doc add 'Solar roofs pay off sooner than we think' --set kind=note",
            "idflow doc add --set title='Tribute or warships' --set kind=blog_post_idea --list-add tags=history < idea.md",
            "idflow doc add - --add-file scan=letter.pdf --file-data scan.pages=3 < letter.txt");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var documents = project.Documents;
            var wanted = DocumentStatusText.Parse(context.Parse.GetRequiredValue(status));
            var edit = await DocumentEdit.ReadAsync(context, edits, [], documents).ConfigureAwait(false);
            edit.RequireFileKeys(null);
            var text = await BodyInput.OfNewDocumentAsync(context, context.Parse.GetValue(body)).ConfigureAwait(false);
            var document = await documents.CreateAsync(edit.Apply(new Document { Id = "", Status = wanted, Body = text }), context.CancellationToken).ConfigureAwait(false);
            await edit.AddFilesAsync(documents, document.Id, context.CancellationToken).ConfigureAwait(false);
            context.Output.Line(document.Id);
            return ExitCodes.Done;
        });
    }
}
