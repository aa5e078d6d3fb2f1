using System.CommandLine;
using Idflow.Cli.Errors;
using Idflow.Pipeline.Config;

namespace Idflow.Cli.Commands;

/// <summary><c>idflow init [DIR]</c>: makes a project.</summary>
internal static class InitCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var folder = new Argument<string>("DIR") { Description = "The project folder; it is made where it is missing.", DefaultValueFactory = _ => "." };
        var empty = new Option<bool>("--empty") { Description = "Without the explanations in the folders." };
        var command = new Command("init", "Makes a project: configuration, and folders for stages, workflows, tasks and prompts.") { folder, empty };
        command.WithExamples("idflow init notes", "idflow init --empty");
        return command.Does(environment, context =>
        {
            var path = Path.GetFullPath(context.Parse.GetRequiredValue(folder), context.Environment.WorkingDirectory);
            foreach (var file in Make(path, context.Parse.GetValue(empty)))
            {
                context.Output.Progress($"made {file}");
            }

            context.Output.Line(path);
            return Task.FromResult(ExitCodes.Done);
        });
    }

    private static IReadOnlyList<string> Make(string path, bool empty)
    {
        try
        {
            return ProjectInitializer.Create(path, empty);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var nearest = Path.GetDirectoryName(path);
            while (nearest is not null && !Path.Exists(nearest))
            {
                nearest = Path.GetDirectoryName(nearest);
            }

            throw new CliException(
                ExitCodes.ProjectDamaged,
                $"No project can be made in {path}: {(File.Exists(nearest) ? $"{nearest} is a file" : $"{nearest} cannot be written to ({error.Message.TrimEnd('.')})")}.",
                "Name a folder that you may write to, like 'idflow init ~/notes', or change the permissions.",
                error);
        }
    }
}
