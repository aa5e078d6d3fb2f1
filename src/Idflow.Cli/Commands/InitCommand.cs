using System.CommandLine;
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
            foreach (var file in ProjectInitializer.Create(path, context.Parse.GetValue(empty)))
            {
                context.Output.Progress($"made {file}");
            }

            context.Output.Line(path);
            return Task.FromResult(ExitCodes.Done);
        });
    }
}
