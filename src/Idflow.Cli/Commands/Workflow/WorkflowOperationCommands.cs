using System.CommandLine;
using Idflow.Cli.Errors;
using Idflow.Conductor;

namespace Idflow.Cli.Commands.Workflow;

/// <summary><c>idflow workflow retry|restart|pause|resume|terminate ID</c>: operations on executions.</summary>
internal static class WorkflowOperationCommands
{
    public static IEnumerable<Command> Create(CliEnvironment environment)
    {
        yield return Operation(environment, "retry", "Goes on with a failed execution from the task that failed.", (conductor, id, _, token) => conductor.RetryWorkflowAsync(id, cancellationToken: token));
        yield return Operation(environment, "restart", "Runs an ended execution again from its beginning.", (conductor, id, _, token) => conductor.RestartWorkflowAsync(id, cancellationToken: token));
        yield return Operation(environment, "pause", "Schedules no further task of an execution.", (conductor, id, _, token) => conductor.PauseWorkflowAsync(id, token));
        yield return Operation(environment, "resume", "Goes on with a paused execution.", (conductor, id, _, token) => conductor.ResumeWorkflowAsync(id, token));
        yield return Terminate(environment);
    }

    private static Command Terminate(CliEnvironment environment)
    {
        var reason = new Option<string?>("--reason") { Description = "Why; kept with the execution." };
        var yes = GlobalOptions.Yes();
        var command = Operation(
            environment, "terminate", "Ends a running execution.",
            (conductor, id, context, token) => conductor.TerminateWorkflowAsync(id, context.Parse.GetValue(reason) ?? "terminated by the user", token),
            (context, id) => context.Confirm($"End the execution {id}?", context.Parse.GetValue(yes)));
        command.Add(reason);
        command.Add(yes);
        return command;
    }

    private static Command Operation(
        CliEnvironment environment,
        string name,
        string description,
        Func<IConductor, string, CommandContext, CancellationToken, Task> act,
        Func<CommandContext, string, bool>? confirm = null)
    {
        var id = new Argument<string>("ID") { Description = "An execution; a unique prefix of at least 4 characters is enough." };
        var command = new Command(name, description) { id };
        command.WithExamples($"idflow workflow {name} 5d1c");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var conductor = (await project.Engine.OpenAsync(context.CancellationToken).ConfigureAwait(false)).Conductor;
            var fullId = await WorkflowIds.ResolveAsync(conductor, context.Parse.GetRequiredValue(id), context.CancellationToken).ConfigureAwait(false);
            if (confirm is not null && !confirm(context, fullId))
            {
                return ExitCodes.Failed;
            }

            try
            {
                await act(conductor, fullId, context, context.CancellationToken).ConfigureAwait(false);
            }
            catch (ConductorException refused) when (refused.Status is 404 or 409)
            {
                // It exists, so this is a refusal, which Conductor answers with 404 in some cases.
                throw new CliException(ExitCodes.Failed, $"{name} was refused: {refused.Message}", $"See 'idflow workflow status {fullId}'.", refused);
            }

            context.Output.Line(fullId);
            return ExitCodes.Done;
        });
    }
}
