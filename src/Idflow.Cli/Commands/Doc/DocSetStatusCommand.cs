using System.CommandLine;

namespace Idflow.Cli.Commands.Doc;

/// <summary><c>idflow doc set-status</c>: moves a document; its stages follow their rules.</summary>
internal static class DocSetStatusCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = DocCommand.Id();
        var status = new Argument<string>("STATUS") { Description = "inbox, active, done, blocked or archived." };
        status.CompletionSources.Add(_ => DocumentStatusText.Names.Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        var command = new Command("set-status", "Moves a document to another status; open stages follow.") { id, status };
        command.WithExamples("idflow doc set-status 3f2a91c0 done", "idflow doc set-status 3f2a91c0 archived");
        return command.Does(environment, async context =>
        {
            var wanted = DocumentStatusText.Parse(context.Parse.GetRequiredValue(status));
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var full = await project.Documents.ResolveIdAsync(context.Parse.GetRequiredValue(id), context.CancellationToken).ConfigureAwait(false);
            await project.Documents.UpdateAsync(full, document => document with { Status = wanted }, context.CancellationToken).ConfigureAwait(false);
            return ExitCodes.Done;
        });
    }
}
