using Idflow.Engine;
using Idflow.Pipeline.Resources;
using Idflow.Workers.Discovery;
using Microsoft.Extensions.Logging;

namespace Idflow.Cli.Hosting;

/// <summary>Opens a project's engine and runs its workers.</summary>
internal static class ProjectHosting
{
    /// <summary>The configured server, the engine of a living owner, or the own one, open as long as the answer is not disposed.</summary>
    /// <param name="project">The project.</param>
    /// <param name="cancellationToken">Ends the wait for another process.</param>
    /// <param name="mayOpen">False: only a server or a living owner will do.</param>
    /// <param name="mustOwn">True: a living owner is an error.</param>
    /// <exception cref="Errors.CliException">4: there is none. 5: another process holds it.</exception>
    public static Task<EngineAccess> OpenEngineAsync(this ProjectSession project, CancellationToken cancellationToken, bool mayOpen = true, bool mustOwn = false)
    {
        var directory = Path.Combine(project.Root, ".idflow", "engine");
        var environment = project.Context.Environment;
        return EngineAccess.OpenAsync(
            new EngineAccessOptions
            {
                ServerUrl = project.Config.ConductorServerUrl,
                EngineDirectory = directory,
                OpenEngine = async token =>
                {
                    var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = directory, TimeProvider = environment.TimeProvider, Loggers = project.Log() }, token).ConfigureAwait(false);
                    return new OwnEngine(engine, (prefix, _) => engine.ReleaseTasksOfWorkerAsync(prefix), engine);
                },
                MayOpen = mayOpen,
                MustOwn = mustOwn,
                TimeProvider = environment.TimeProvider,
            },
            cancellationToken);
    }

    /// <summary>The tasks that the project's workers serve; its own ones are compiled when they changed.</summary>
    public static Task<ProjectTasks> LoadTasksAsync(this ProjectSession project, CancellationToken cancellationToken) =>
        ProjectTasks.LoadAsync(project.Root, new WorkerRegistry(), cancellationToken);

    /// <summary>Runs the engine, where it is this process's to run, its REST API and the workers.</summary>
    /// <exception cref="Errors.CliException">As for <see cref="OpenEngineAsync"/>; an address is in use.</exception>
    public static async Task<PipelineHost> StartHostAsync(this ProjectSession project, HostRequest request, CancellationToken cancellationToken)
    {
        var engine = await project.OpenEngineAsync(cancellationToken, request.MayOpenEngine, request.MustOwn).ConfigureAwait(false);
        var all = await project.LoadTasksAsync(cancellationToken).ConfigureAwait(false);
        var tasks = request.RunWorkers ? all.Only(request.TaskNames) : all.None();
        return await PipelineHost.StartAsync(
            new HostParts
            {
                Engine = engine,
                Registrar = new DefinitionRegistrar(engine.Conductor, new WorkflowCatalog(), () => [.. all.Definitions]),
                Tasks = tasks,
                Fleet = new FleetOptions
                {
                    Prefix = PrefixOf(engine.Kind),
                    Concurrency = request.Concurrency,
                    TimeProvider = project.Context.Environment.TimeProvider,
                    Logger = project.Log(),
                },
                SendPendingStarts = _ => Task.CompletedTask,
                Urls = request.Urls,
                Log = project.Log(),
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The engine takes back what workers of its own process held when it opens, by this beginning of their id; workers of other
    /// processes may live on and keep their tasks.
    /// </summary>
    private static string PrefixOf(EngineKind kind) => $"{(kind == EngineKind.Own ? "idflow" : "idflow-worker")}:{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";

    private static WriterLogger Log(this ProjectSession project) =>
        new(project.Context.Environment.Error, project.Context.Verbose ? LogLevel.Information : LogLevel.Error);
}
