using System.CommandLine;
using System.Globalization;
using Idflow.Cli.Errors;
using Idflow.Engine.Storage;

namespace Idflow.Cli.Commands.EngineData;

/// <summary><c>idflow engine backup</c>: a consistent copy, also while the engine runs.</summary>
internal static class EngineBackupCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var target = new Argument<string>("file") { Description = "The new file; in a folder that exists it gets a name with the time." };
        var command = new Command("backup", "Saves the engine as it is at one instant as one file, also while it runs; prints its path.") { target };
        command.WithExamples("idflow engine backup backups/", "idflow engine backup engine.zip");
        return command.Does(environment, async context =>
        {
            var folder = await EngineCommand.FolderAsync(context).ConfigureAwait(false);
            var path = EngineCommand.PathOf(context, context.Parse.GetRequiredValue(target));
            if (Directory.Exists(path))
            {
                path = Path.Combine(path, $"engine-{environment.TimeProvider.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}.zip");
            }

            try
            {
                await EngineBackup.SaveAsync(folder, path, environment.TimeProvider, context.CancellationToken).ConfigureAwait(false);
            }
            catch (FileNotFoundException e)
            {
                throw new CliException(ExitCodes.NotFound, e.Message, "It comes to be with the first workflow; nothing is to be backed up yet.", e);
            }
            catch (IOException e) when (File.Exists(path))
            {
                throw new CliException(ExitCodes.Failed, e.Message, "Name another file.", e);
            }

            context.Output.Line(path);
            return ExitCodes.Done;
        });
    }
}
