using System.CommandLine;
using System.Text.Json.Nodes;
using Idflow.Cli.Errors;
using Idflow.Cli.Hosting;
using Idflow.Cli.Rendering;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Documents;
using Idflow.Pipeline.Resources;
using Idflow.Workers.Discovery;
using Idflow.Workers.Sources;
using Idflow.Workers.Testing;

namespace Idflow.Cli.Commands;

/// <summary><c>idflow tasks</c>: the tasks that the project's workers serve.</summary>
internal static class TasksCommand
{
    public static Command Create(CliEnvironment environment) => new("tasks", "Task definitions: list, upload, run one.")
    {
        List(environment),
        Upload(environment),
        Run(environment),
    };

    private static Command List(CliEnvironment environment)
    {
        var json = GlobalOptions.Json();
        var command = new Command("list", "Lists the tasks, the worker that serves each, and their input and output keys.") { json };
        command.WithExamples("idflow tasks list", "idflow tasks list --json | jq '.[].name'");
        return command.Does(environment, async context =>
        {
            var tasks = await LoadAsync(context).ConfigureAwait(false);
            var rows = Rows(tasks).OrderBy(r => r.Definition.Name, StringComparer.Ordinal).ToList();
            if (context.Parse.GetValue(json))
            {
                context.Output.Json(new JsonArray([.. rows.Select(r => ToJson(r.Definition, r.Worker))]));
            }
            else
            {
                context.Output.Table(["TASK", "WORKER", "INPUT", "OUTPUT", "DESCRIPTION"], rows.Select(r => (IReadOnlyList<string>)
                    [r.Definition.Name!, r.Worker, string.Join(",", r.Definition.InputKeys), string.Join(",", r.Definition.OutputKeys), r.Definition.Description ?? ""]));
            }

            return tasks.Broken.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
    }

    private static Command Upload(CliEnvironment environment)
    {
        var command = new Command("upload", "Writes the definitions of the project's tasks to the engine; what is equal there stays.");
        command.WithExamples("idflow tasks upload");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var tasks = await LoadAsync(context).ConfigureAwait(false);
            var engine = await project.Engine.OpenAsync(context.CancellationToken).ConfigureAwait(false);
            var report = await new DefinitionRegistrar(engine.Conductor, () => new WorkflowCatalog(), () => [.. tasks.Definitions]).RegisterAsync(context.CancellationToken).ConfigureAwait(false);
            report.Uploaded.ToList().ForEach(name => context.Output.Line($"uploaded   {name}"));
            report.Unchanged.ToList().ForEach(name => context.Output.Line($"unchanged  {name}"));
            report.Refused.ToList().ForEach(reason => context.Output.Error(reason, null));
            return report.Refused.Count + tasks.Broken.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
    }

    private static Command Run(CliEnvironment environment)
    {
        var name = new Argument<string>("NAME") { Description = "The task's name; see 'idflow tasks list'." };
        var input = new Option<string?>("--input") { Description = "Its input: a JSON object, or @FILE.", HelpName = "JSON|@FILE" };
        var command = new Command("run", "Runs one task in this process and prints its output as JSON.") { name, input };
        command.WithExamples("idflow tasks run keyword_extract --input '{\"text\": \"A durable pipeline of documents.\"}'", "idflow tasks run my_task --input @input.json");
        return command.Does(environment, context => RunAsync(context, context.Parse.GetRequiredValue(name), context.Parse.GetValue(input)));
    }

    private static async Task<int> RunAsync(CommandContext context, string name, string? inputText)
    {
        var input = JsonInput.Read(inputText, "--input", context.Environment.WorkingDirectory);
        var project = await context.OpenProjectAsync().ConfigureAwait(false);
        var tasks = await project.LoadTasksAsync(context.CancellationToken).ConfigureAwait(false);
        var registry = tasks.BuiltIn;
        if (tasks.Own.FirstOrDefault(s => s.Definitions.Any(d => d.Name == name)) is { } own)
        {
            registry = new WorkerRegistry();
            own.AddTo(registry);
        }

        if (registry.Find(name) is null)
        {
            if (tasks.Broken.FirstOrDefault(broken => MayDefine(broken.TaskSource, name)) is { } broken)
            {
                throw new CliException(ExitCodes.Failed, $"The task '{name}' cannot run, since its source cannot be used:\n{broken.Message}", innerException: broken);
            }

            HostReport.Broken(context.Output, tasks.Broken);
            throw CliException.NotFound($"There is no task '{name}'.", NearestName.Of(name, tasks.Names) is { } nearest ? $"Did you mean '{nearest}'?" : "See 'idflow tasks list'.");
        }

        var run = await TaskRunHere.RunAsync(context, registry, name, input).ConfigureAwait(false);
        run.Log.ToList().ForEach(context.Output.Progress);
        if (run.Status is TaskResultStatus.COMPLETED or TaskResultStatus.IN_PROGRESS)
        {
            context.Output.Json(run.Output);
            return ExitCodes.Done;
        }

        context.Output.Error($"The task '{name}' failed{(run.Status == TaskResultStatus.FAILED ? " (trying again may help)" : "")}: {run.Reason}", null);
        return ExitCodes.Failed;
    }

    /// <summary>Its text names the task, or its folder does.</summary>
    private static bool MayDefine(TaskSource source, string name) =>
        source.Name == name || (File.Exists(source.Path) && File.ReadAllText(source.Path).Contains($"\"{name}\"", StringComparison.Ordinal));

    private static async Task<ProjectTasks> LoadAsync(CommandContext context)
    {
        var project = await context.OpenProjectAsync().ConfigureAwait(false);
        var tasks = await project.LoadTasksAsync(context.CancellationToken).ConfigureAwait(false);
        HostReport.Broken(context.Output, tasks.Broken);
        return tasks;
    }

    private static IEnumerable<(TaskDef Definition, string Worker)> Rows(ProjectTasks tasks) =>
        tasks.BuiltIn.Definitions.Select(d => (d, "built-in"))
            .Concat(tasks.Own.SelectMany(s => s.Definitions.Select(d => (d, Short(s.Source)))));

    private static string Short(TaskSource source) => $"tasks/{source.Name}/{source.Name}.cs";

    private static JsonObject ToJson(TaskDef definition, string worker)
    {
        var json = (JsonObject)ConductorJson.ToNode(definition)!;
        json["worker"] = worker;
        return json;
    }
}
