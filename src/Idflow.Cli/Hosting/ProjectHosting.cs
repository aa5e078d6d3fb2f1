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
                    Concurrency = request.Concurrency,
                    TimeProvider = project.Context.Environment.TimeProvider,
                    Logger = project.Loggers.CreateLogger("workers"),
                },
                SendPendingStarts = project.Evaluator.SendPendingStartsAsync,
                Urls = request.Urls,
                Log = project.Loggers,
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The engine takes back what workers of its own process held when it opens, by this beginning of their id; workers of other
    /// processes may live on and keep their tasks.
    /// </summary>
    private static string PrefixOf(EngineKind kind) => $"{(kind == EngineKind.Own ? "idflow" : "idflow-worker")}:{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";
}
