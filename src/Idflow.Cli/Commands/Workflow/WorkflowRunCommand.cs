using System.CommandLine;
using Idflow.Cli.Errors;
using Idflow.Cli.Hosting;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.Cli.Commands.Workflow;

/// <summary><c>idflow workflow run NAME</c>: starts a workflow.</summary>
internal static class WorkflowRunCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var name = new Argument<string>("NAME") { Description = "A workflow of the project, or one that the engine knows." };
        var input = new Option<string?>("--input") { Description = "Its input: a JSON object, or @FILE. Default: {}.", HelpName = "JSON|@FILE" };
        var version = new Option<int?>("--version") { Description = "Default: the highest." };
        var wait = new Option<bool>("--wait") { Description = "Runs workers too, waits for the end and prints the output." };
        var command = new Command("run", "Starts a workflow and prints its id.") { name, input, version, wait };
        command.WithExamples("idflow workflow run my_flow --input '{\"x\": 1}' --wait", "idflow workflow run my_flow --input @input.json");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var request = new StartWorkflowRequest
            {
                Name = context.Parse.GetRequiredValue(name),
                Version = context.Parse.GetValue(version),
                Input = JsonInput.Read(context.Parse.GetValue(input), "--input", context.Environment.WorkingDirectory),
            };
            return context.Parse.GetValue(wait)
                ? await RunToEndAsync(context, project, request).ConfigureAwait(false)
                : await StartAsync(context, project, request).ConfigureAwait(false);
        });
    }

    private static async Task<int> StartAsync(CommandContext context, ProjectSession project, StartWorkflowRequest request)
    {
        var engine = await project.Engine.OpenAsync(context.CancellationToken).ConfigureAwait(false);
        var registrar = await project.Engine.RegistrarAsync(context.CancellationToken).ConfigureAwait(false);
        await registrar.EnsureAsync(context.CancellationToken).ConfigureAwait(false);
        await WarnAsync(context, project, request).ConfigureAwait(false);
        context.Output.Line(await StartAsync(engine.Conductor, project, request, context.CancellationToken).ConfigureAwait(false));
        return ExitCodes.Done;
    }

    private static async Task<int> RunToEndAsync(CommandContext context, ProjectSession project, StartWorkflowRequest request)
    {
        await using var host = await project.StartHostAsync(new HostRequest(), context.CancellationToken).ConfigureAwait(false);
        await WarnAsync(context, project, request).ConfigureAwait(false);
        var id = await StartAsync(host.Conductor, project, request, context.CancellationToken).ConfigureAwait(false);
        context.Output.Progress($"started {id}");
        var workflow = await host.RunWorkflowToEndAsync(id, context.CancellationToken).ConfigureAwait(false);
        if (workflow.IsTerminal)
        {
            context.Output.Json(workflow.Output.DeepClone());
        }

        if (workflow.Status == WorkflowStatus.COMPLETED)
        {
            return ExitCodes.Done;
        }

        var open = string.Join(", ", workflow.Tasks.Where(task => !task.IsTerminal).Select(task => $"{task.ReferenceTaskName} ({task.TaskType})"));
        throw new CliException(
            ExitCodes.Failed,
            workflow.IsTerminal ? $"The workflow {id} is {workflow.Status}: {workflow.ReasonForIncompletion ?? "no reason given"}" : $"The workflow {id} waits, and nothing here can go on: {open}.",
            $"See 'idflow workflow status {id}'.");
    }

    private static async Task<string> StartAsync(IConductor conductor, ProjectSession project, StartWorkflowRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await conductor.StartWorkflowAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (ConductorException error) when (error.Status == 404)
        {
            var workflows = project.Resources.Workflows;
            var known = workflows.Workflows.Select(workflow => workflow.Name).ToHashSet();
            throw WorkflowCheck.UnknownWorkflows(workflows.Get(request.Name!, request.Version).Definition, known).FirstOrDefault() is { } missing
                ? CliException.NotFound($"The workflow '{request.Name}' cannot start: {missing}")
                : CliException.NotFound(error.Message);
        }
    }

    private static Task WarnAsync(CommandContext context, ProjectSession project, StartWorkflowRequest request) =>
        ServedTasks.WarnOfOthersAsync(project, project.Resources.Workflows.Find(request.Name!, request.Version) is { } workflow ? [workflow] : [], context.CancellationToken);
}
