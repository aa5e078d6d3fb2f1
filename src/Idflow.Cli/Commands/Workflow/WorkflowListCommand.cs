using System.CommandLine;
using System.Text.Json.Nodes;
using Idflow.Pipeline.Resources;

namespace Idflow.Cli.Commands.Workflow;

/// <summary><c>idflow workflow list</c>: the definitions of the project, with the file each one comes from.</summary>
internal static class WorkflowListCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var name = new Argument<string?>("NAME") { Description = "Only this workflow.", Arity = ArgumentArity.ZeroOrOne };
        var json = GlobalOptions.Json();
        var command = new Command("list", "Lists workflow definitions with the file each one comes from.") { name, json };
        command.WithExamples("idflow workflow list", "idflow workflow list --json");
        return command.Does(environment, async context =>
        {
            var resources = (await context.OpenProjectAsync().ConfigureAwait(false)).Resources;
            foreach (var error in resources.Workflows.Errors)
            {
                context.Output.Warn(error.ToString());
            }

            var chosen = context.Parse.GetValue(name) is { } named
                ? resources.Workflows.Workflows.Where(workflow => workflow.Name == resources.Workflows.Get(named).Name)
                : resources.Workflows.Workflows;
            if (context.Parse.GetValue(json))
            {
                context.Output.Json(new JsonArray([.. chosen.Select(workflow => Of(workflow, resources))]));
            }
            else
            {
                context.Output.Table(["NAME", "VERSION", "ORIGIN", "FILE", "STAGES"], chosen.Select(workflow => (IReadOnlyList<string>)
                    [workflow.Name, $"{workflow.Definition.Version}", workflow.Origin, workflow.Location, string.Join(", ", Stages(workflow, resources))]));
            }

            return resources.Workflows.Errors.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
    }

    private static JsonObject Of(WorkflowResource workflow, ProjectResources resources) => new()
    {
        ["name"] = workflow.Name,
        ["version"] = workflow.Definition.Version,
        ["description"] = workflow.Definition.Description,
        ["origin"] = workflow.Origin,
        ["file"] = workflow.Location,
        ["stages"] = new JsonArray([.. Stages(workflow, resources).Select(stage => JsonValue.Create(stage))]),
    };

    private static IEnumerable<string> Stages(WorkflowResource workflow, ProjectResources resources) => resources.Stages.Stages
        .Where(stage => stage.Workflows.Any(used => used.Name == workflow.Name && (used.Version is null || used.Version == workflow.Definition.Version)))
        .Select(stage => stage.Name);
}
