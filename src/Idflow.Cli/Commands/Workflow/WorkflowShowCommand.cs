using System.CommandLine;
using Idflow.Conductor.Json;

namespace Idflow.Cli.Commands.Workflow;

/// <summary><c>idflow workflow show NAME</c>: a definition as Conductor's JSON.</summary>
internal static class WorkflowShowCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var name = new Argument<string>("NAME") { Description = "A workflow of the project, or a JSON file." };
        var json = GlobalOptions.Json();
        var command = new Command("show", "Shows a workflow definition as Conductor's JSON, as it is uploaded.") { name, json };
        command.WithExamples("idflow workflow show stage_workflow", "idflow workflow show ./my_flow.json");
        return command.Does(environment, async context =>
        {
            var resources = (await context.OpenProjectAsync().ConfigureAwait(false)).Resources;
            var workflow = WorkflowSelection.One(context, resources, context.Parse.GetRequiredValue(name));
            context.Output.Progress($"{workflow.Name} {workflow.Definition.Version} from {workflow.Location} ({workflow.Origin})");
            context.Output.Json(ConductorJson.ToNode(workflow.Definition));
            return ExitCodes.Done;
        });
    }
}
