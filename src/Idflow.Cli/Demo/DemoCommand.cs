using System.CommandLine;
using Idflow.Cli.Commands;

namespace Idflow.Cli.Demo;

/// <summary><c>idflow demo [DIR]</c>: a whole project, run to its end without a network.</summary>
internal static class DemoCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var folder = new Argument<string?>("DIR") { Description = "The folder of the demo's project. Default: a new temporary folder.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("demo", "Makes a project with real documents and a question, and runs it to a cited draft. On an unfinished demo it goes on.") { folder };
        command.WithExamples("idflow demo", "idflow demo /tmp/presidents");
        return command.Does(environment, async context =>
        {
            var root = context.Parse.GetValue(folder) is { } named
                ? Path.GetFullPath(named, context.Environment.WorkingDirectory)
                : Directory.CreateTempSubdirectory("idflow-demo-").FullName;
            DemoProject.Prepare(root);
            context.Output.Progress($"The project is {root}");
            var project = await context.OpenProjectAsync(root).ConfigureAwait(false);
            var demo = new DemoProject(project);
            var added = await demo.AddDocumentsAsync(context.CancellationToken).ConfigureAwait(false);
            context.Output.Progress($"{added.Addresses} addresses to Congress, and one question: {added.Question}");
            var exitCode = await RunToEnd.RunAsync(context, project, timeout: null).ConfigureAwait(false);
            await DemoReport.WriteAsync(context.Output, project, demo.QuestionId).ConfigureAwait(false);
            return exitCode;
        });
    }
}
