using System.CommandLine;

namespace Idflow.Cli.Commands.Stage;

/// <summary><c>idflow stage</c>: which documents are worked on, and how.</summary>
internal static class StageCommand
{
    public static Command Create(CliEnvironment environment) => new("stage", "Stages: which documents they want and what they run on them.")
    {
        StageListCommand.Create(environment),
        StageEvaluateCommand.Create(environment),
        StageRunCommand.Create(environment),
    };
}
