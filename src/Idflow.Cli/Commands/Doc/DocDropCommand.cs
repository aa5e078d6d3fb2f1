using System.CommandLine;

namespace Idflow.Cli.Commands.Doc;

/// <summary><c>idflow doc drop</c>: deletes a document with its files, stages and results.</summary>
internal static class DocDropCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = DocCommand.Id();
        var yes = GlobalOptions.Yes();
        var command = new Command("drop", "Deletes a document with its files, stages and results.") { id, yes };
        command.WithExamples("idflow doc drop 3f2a91c0", "idflow doc drop 3f2a91c0 --yes");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var full = await project.Documents.ResolveIdAsync(context.Parse.GetRequiredValue(id), context.CancellationToken).ConfigureAwait(false);
            if (!context.Confirm($"Delete the document {full} with all it holds?", context.Parse.GetValue(yes)))
            {
                return ExitCodes.Failed;
            }

            await project.Documents.DeleteAsync(full, context.CancellationToken).ConfigureAwait(false);
            return ExitCodes.Done;
        });
    }
}
