using System.CommandLine;
using Idflow.Cli.Errors;

namespace Idflow.Cli.Commands.EngineData;

/// <summary><c>idflow engine</c>: the data of the embedded engine.</summary>
internal static class EngineCommand
{
    public static Command Create(CliEnvironment environment) => new("engine", "The data of the embedded engine: what it holds, backup and restore.")
    {
        EngineInfoCommand.Create(environment),
        EngineBackupCommand.Create(environment),
        EngineRestoreCommand.Create(environment),
    };

    /// <summary>The folder of the project's own engine.</summary>
    /// <exception cref="CliException">The project works with a server.</exception>
    public static async Task<string> FolderAsync(CommandContext context)
    {
        var project = await context.OpenProjectAsync().ConfigureAwait(false);
        return project.Config.ConductorServerUrl is { } server
            ? throw new CliException(ExitCodes.Usage, $"This project works with the Conductor server {server}; its data is kept there.", "Back it up there, or remove conductor.server_url from config/idflow.yml.")
            : project.Engine.Directory;
    }

    /// <summary>A path on the command line, from where the command was called.</summary>
    public static string PathOf(CommandContext context, string path) => Path.GetFullPath(path, context.Environment.WorkingDirectory);
}
