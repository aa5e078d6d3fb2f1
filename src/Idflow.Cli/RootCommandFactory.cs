using System.CommandLine;

namespace Idflow.Cli;

/// <summary>The tree of commands. Each command has a file of its own under Commands/.</summary>
internal static class RootCommandFactory
{
    public static RootCommand Create(CliEnvironment environment)
    {
        var root = new RootCommand("Turns a folder of Markdown documents into a durable pipeline.")
        {
            GlobalOptions.Project,
            GlobalOptions.Verbose,
            GlobalOptions.NoColor,
            Commands.InitCommand.Create(environment),
            Demo.DemoCommand.Create(environment),
            Commands.Doc.DocCommand.Create(environment),
            Commands.Stage.StageCommand.Create(environment),
            Commands.Workflow.WorkflowCommand.Create(environment),
            Commands.Vendor.VendorCommand.Create(environment),
            Commands.UpCommand.Create(environment),
            Commands.RunCommand.Create(environment),
            Commands.TasksCommand.Create(environment),
            Commands.WorkerCommand.Create(environment),
            Commands.EngineData.EngineCommand.Create(environment),
            Commands.CompletionCommand.Create(environment),
        };
        CommandExamples.ShowInHelp(root);
        return root;
    }
}
