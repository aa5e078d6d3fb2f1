using System.CommandLine;
using Idflow.Cli.Errors;
using Idflow.Engine.Ownership;
using Idflow.Engine.Storage;

namespace Idflow.Cli.Commands.EngineData;

/// <summary><c>idflow engine restore</c>: puts a backup in the place of the engine's data.</summary>
internal static class EngineRestoreCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var source = new Argument<string>("file") { Description = "A file made by 'idflow engine backup'." };
        var yes = GlobalOptions.Yes();
        var command = new Command("restore", "Puts a backup in the place of the engine's data; refused while an engine is up. What was there is kept aside until the next restore.") { source, yes };
        command.WithExamples("idflow engine restore backups/engine-20260101T000000Z.zip --yes");
        return command.Does(environment, async context =>
        {
            var folder = await EngineCommand.FolderAsync(context).ConfigureAwait(false);
            var path = EngineCommand.PathOf(context, context.Parse.GetRequiredValue(source));
            if (!File.Exists(path))
            {
                throw new CliException(ExitCodes.NotFound, $"There is no file {path}.", "Name a file made by 'idflow engine backup'.");
            }

            if (!context.Confirm($"Replace the engine's data in {folder} by {path}?", context.Parse.GetValue(yes)))
            {
                return ExitCodes.Failed;
            }

            try
            {
                await EngineBackup.RestoreAsync(path, folder, environment.TimeProvider, context.CancellationToken).ConfigureAwait(false);
            }
            catch (EngineInUseException e)
            {
                throw new CliException(ExitCodes.ProjectDamaged, e.Url is { } url ? $"The engine of this project is up at {url}." : "The engine of this project is held by another process.", "Stop it first, then restore.", e);
            }

            var replaced = Path.Combine(folder, "replaced");
            if (Directory.Exists(replaced) && Directory.EnumerateFileSystemEntries(replaced).Any())
            {
                context.Output.Progress($"What was there before is in {replaced} until the next restore.");
            }

            context.Output.Line(folder);
            return ExitCodes.Done;
        });
    }
}
