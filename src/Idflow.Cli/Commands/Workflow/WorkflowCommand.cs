using System.CommandLine;

namespace Idflow.Cli.Commands.Workflow;

/// <summary><c>idflow workflow</c>: definitions and executions.</summary>
internal static class WorkflowCommand
{
    public static Command Create(CliEnvironment environment) => new("workflow", "Workflows: their definitions and executions.")
    {
        WorkflowListCommand.Create(environment),
        WorkflowShowCommand.Create(environment),
    };
}
