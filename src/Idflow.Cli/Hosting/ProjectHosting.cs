using Idflow.Documents;
using Idflow.Pipeline.Config;
using Idflow.Pipeline.Evaluation;
using Idflow.Pipeline.Resources;
using Idflow.Workers.Polling;
using Microsoft.Extensions.Logging;

namespace Idflow.Cli.Hosting;

/// <summary>Runs a project's engine and workers.</summary>
internal static class ProjectHosting
{
    /// <summary>Runs the engine, where it is this process's to run, its REST API and the workers.</summary>
    /// <exception cref="Errors.CliException">As for <see cref="ProjectEngine.OpenAsync"/>; an address is in use.</exception>
    public static async Task<PipelineHost> StartHostAsync(this ProjectSession project, HostRequest request, CancellationToken cancellationToken)
    {
        var engine = await project.Engine.OpenAsync(cancellationToken, request.MayOpenEngine, request.MustOwn).ConfigureAwait(false);
        var all = await project.LoadTasksAsync(cancellationToken).ConfigureAwait(false);
        var tasks = request.RunWorkers ? all.Only(request.TaskNames) : all.None();
        return await PipelineHost.StartAsync(
            new HostParts
            {
                Engine = engine,
                Registrar = await project.Engine.RegistrarAsync(cancellationToken).ConfigureAwait(false),
                Tasks = tasks,
                Fleet = new FleetOptions
                {
                    Prefix = PrefixOf(engine.Kind),
                    PollInterval = project.Config.PollInterval,
                    ApiKeyVariable = project.Config.ConductorApiKeyVariable,
                    Settings = SettingsOf(project, all, request.Concurrency),
                    MemoryLimitBytes = (long)project.Config.Workers.MemoryLimitMb << 20,
                    DrainTimeout = project.Config.Workers.DrainTimeout,
                    Happened = request.Happened,
                    TimeProvider = project.Context.Environment.TimeProvider,
                    Logger = project.Loggers.CreateLogger("workers"),
                },
                SendPendingStarts = project.Evaluator.SendPendingStartsAsync,
                Resources = project.Resources,
                ReloadTasks = request.RunWorkers ? async token => (await project.ReloadTasksAsync(token).ConfigureAwait(false)).Only(request.TaskNames) : null,
                Documents = request.WatchDocuments && project.Config.WatchDocuments ? new DocumentWatch(project.Documents, project.Evaluator, project.Loggers.CreateLogger("documents")) : null,
                Urls = request.Urls,
                Log = project.Loggers,
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the configuration sets for single tasks; a concurrency of the command line wins.</summary>
    private static Dictionary<string, WorkerTaskSettings> SettingsOf(ProjectSession project, ProjectTasks tasks, int? concurrency)
    {
        var configured = project.Config.Workers.Tasks;
        foreach (var unknown in configured.Keys.Except(tasks.Names))
        {
            project.Context.Output.Warn($"workers.tasks names '{unknown}', which is no task of this project.{(NearestName.Of(unknown, tasks.Names) is { } nearest ? $" Did you mean '{nearest}'?" : "")}");
        }

        return tasks.Names.Union(configured.Keys).ToDictionary(name => name, name =>
        {
            var task = configured.GetValueOrDefault(name) ?? new WorkerTaskConfig();
            return new WorkerTaskSettings { Concurrency = concurrency ?? task.Concurrency, PollInterval = task.PollInterval, Domain = task.Domain, Paused = task.Paused };
        });
    }

    /// <summary>
    /// The engine takes back what workers of its own process held when it opens, by this beginning of their id; workers of other
    /// processes may live on and keep their tasks.
    /// </summary>
    private static string PrefixOf(EngineKind kind) => $"{(kind == EngineKind.Own ? "idflow" : "idflow-worker")}:{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";
}
