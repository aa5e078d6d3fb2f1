using System.CommandLine;
using System.Globalization;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;

namespace Idflow.Cli.Commands.Workflow;

/// <summary><c>idflow workflow status ID</c>: an execution and its tasks.</summary>
internal static class WorkflowStatusCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = new Argument<string>("ID") { Description = "An execution; a unique prefix of at least 4 characters is enough." };
        var json = GlobalOptions.Json();
        var command = new Command("status", "Shows an execution and its tasks.") { id, json };
        command.WithExamples("idflow workflow status 5d1c", "idflow workflow status 5d1c --json");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var conductor = (await project.Engine.OpenAsync(context.CancellationToken).ConfigureAwait(false)).Conductor;
            var fullId = await WorkflowIds.ResolveAsync(conductor, context.Parse.GetRequiredValue(id), context.CancellationToken).ConfigureAwait(false);
            var workflow = await conductor.GetWorkflowAsync(fullId, includeTasks: true, context.CancellationToken).ConfigureAwait(false);
            if (context.Parse.GetValue(json))
            {
                context.Output.Json(ConductorJson.ToNode(workflow));
                return ExitCodes.Done;
            }

            context.Output.Line($"{workflow.WorkflowDefinition?.Name ?? workflow.WorkflowName} {workflow.WorkflowId} {workflow.Status}");
            if (workflow.ReasonForIncompletion is { } reason)
            {
                context.Output.Line($"reason: {reason}");
            }

            context.Output.Table(["TASK", "TYPE", "STATUS", "ATTEMPT", "SECONDS", "REASON"], workflow.Tasks.Select(Row));
            return ExitCodes.Done;
        });
    }

    private static IReadOnlyList<string> Row(TaskExecution task) =>
    [
        task.ReferenceTaskName ?? "",
        task.TaskType ?? "",
        task.Status.ToString(),
        (task.RetryCount + 1).ToString(CultureInfo.InvariantCulture),
        task is { StartTime: > 0, EndTime: > 0 } ? ((task.EndTime - task.StartTime) / 1000.0).ToString("0.0", CultureInfo.InvariantCulture) : "",
        task.ReasonForIncompletion ?? (task.SubWorkflowId is { } child ? $"runs {child}" : ""),
    ];
}
