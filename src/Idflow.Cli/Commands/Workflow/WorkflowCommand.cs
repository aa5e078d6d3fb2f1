using System.CommandLine;

namespace Idflow.Cli.Commands.Workflow;

/// <summary><c>idflow workflow</c>: definitions and executions.</summary>
internal static class WorkflowCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var command = new Command("workflow", "Workflows: their definitions and executions.")
        {
            WorkflowListCommand.Create(environment),
            WorkflowShowCommand.Create(environment),
            WorkflowUploadCommand.Create(environment),
            WorkflowValidateCommand.Create(environment),
            WorkflowRunCommand.Create(environment),
            WorkflowStatusCommand.Create(environment),
            WorkflowRunsCommand.Create(environment),
        };
        foreach (var operation in WorkflowOperationCommands.Create(environment))
        {
            command.Add(operation);
        }

        return command;
    }
}
