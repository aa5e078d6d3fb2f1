using System.CommandLine;
using System.Text.Json.Nodes;
using Idflow.Cli.Rendering;
using Idflow.Conductor;
using Idflow.Pipeline.Resources;

namespace Idflow.Cli.Commands.Workflow;

/// <summary><c>idflow workflow validate [NAME|FILE]</c>: checks definitions as the engine would, and warns of what no worker serves.</summary>
internal static class WorkflowValidateCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var name = new Argument<string?>("NAME") { Description = "A workflow of the project, or a JSON file. Default: all.", Arity = ArgumentArity.ZeroOrOne };
        var json = GlobalOptions.Json();
        var command = new Command("validate", "Checks definitions as the engine would, and warns of tasks that no worker serves.") { name, json };
        command.WithExamples("idflow workflow validate", "idflow workflow validate ./my_flow.json");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var chosen = context.Parse.GetValue(name) is { } named ? WorkflowSelection.One(context, project.Resources, named) : null;
            var findings = chosen is null ? project.Resources.Workflows.Errors.Select(error => new Finding(error.ToString(), IsWarning: false)).ToList() : [];
            IReadOnlyList<WorkflowResource> workflows = chosen is null ? project.Resources.Workflows.Workflows : [chosen];
            var served = await ServedTasks.NamesAsync(project, context.CancellationToken).ConfigureAwait(false);
            var known = project.Resources.Workflows.Workflows.Concat(workflows).Select(workflow => workflow.Name).ToHashSet();
            var conductor = (await project.Engine.OpenAsync(context.CancellationToken).ConfigureAwait(false)).Conductor;
            foreach (var workflow in workflows)
            {
                findings.AddRange(await ErrorsAsync(conductor, workflow, context.CancellationToken).ConfigureAwait(false));
                findings.AddRange(WorkflowCheck.Unserved(workflow.Definition, served).Concat(WorkflowCheck.UnknownWorkflows(workflow.Definition, known))
                    .Select(text => new Finding($"{workflow.Location}: {text}", IsWarning: true)));
            }

            Show(context, findings, workflows.Count, context.Parse.GetValue(json));
            return findings.Exists(finding => !finding.IsWarning) ? ExitCodes.Failed : ExitCodes.Done;
        });
    }

    private static async Task<IReadOnlyList<Finding>> ErrorsAsync(IConductor conductor, WorkflowResource workflow, CancellationToken cancellationToken)
    {
        try
        {
            await conductor.ValidateWorkflowDefAsync(workflow.Definition, cancellationToken).ConfigureAwait(false);
            return [];
        }
        catch (ConductorException error) when (error.Status == 400)
        {
            return error.ValidationErrors.Count == 0
                ? [new Finding($"{workflow.Location}: {error.Message}", IsWarning: false)]
                : [.. error.ValidationErrors.Select(check => new Finding($"{workflow.Location}: {check.Message}", IsWarning: false))];
        }
    }

    private static void Show(CommandContext context, List<Finding> findings, int count, bool json)
    {
        if (json)
        {
            context.Output.Json(new JsonArray([.. findings.Select(finding => new JsonObject { ["message"] = finding.Text, ["warning"] = finding.IsWarning })]));
            return;
        }

        foreach (var finding in findings)
        {
            if (finding.IsWarning)
            {
                context.Output.Warn(finding.Text);
            }
            else
            {
                context.Output.Error(finding.Text, null);
            }
        }

        context.Output.Line($"{Counted.Of(count, "workflow")} checked: {Counted.Of(findings.Count(finding => !finding.IsWarning), "error")}, {Counted.Of(findings.Count(finding => finding.IsWarning), "warning")}");
    }

    private sealed record Finding(string Text, bool IsWarning);
}
