using System.CommandLine;

namespace Idflow.Cli.Commands.Doc;

/// <summary><c>idflow doc locate</c>: the path of a document's file.</summary>
internal static class DocLocateCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = DocCommand.Id();
        var command = new Command("locate", "Prints the path of a document's doc.md.") { id };
        command.WithExamples("idflow doc locate 3f2a91c0", "git log -- \"$(idflow doc locate 3f2a91c0)\"");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var full = await project.Documents.ResolveIdAsync(context.Parse.GetRequiredValue(id), context.CancellationToken).ConfigureAwait(false);
            context.Output.Line(await project.Locator.LocateAsync(full, context.CancellationToken).ConfigureAwait(false));
            return ExitCodes.Done;
        });
    }
}
