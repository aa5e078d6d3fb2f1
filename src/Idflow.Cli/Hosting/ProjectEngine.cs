using Idflow.Cli.Errors;
using Idflow.Conductor;
using Idflow.Conductor.Rest;
using Idflow.Engine;
using Idflow.Pipeline.Evaluation;
using Idflow.Pipeline.Resources;

namespace Idflow.Cli.Hosting;

/// <summary>
/// The engine of a project for as long as a command runs: found and opened when first needed, then shared by all that the
/// command does.
/// </summary>
internal sealed class ProjectEngine(ProjectSession project) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private EngineAccess? _access;
    private DefinitionRegistrar? _registrar;

    /// <summary>Where the embedded engine keeps its data.</summary>
    public string Directory { get; } = Path.Combine(project.Root, ".idflow", "engine");

    /// <summary>The configured server, the engine of a living owner, or the own one.</summary>
    /// <param name="cancellationToken">Ends the wait for another process.</param>
    /// <param name="mayOpen">False: only a server or a living owner will do.</param>
    /// <param name="mustOwn">True: a living owner is an error.</param>
    /// <exception cref="CliException">4: there is none. 5: another process holds it.</exception>
    public async Task<EngineAccess> OpenAsync(CancellationToken cancellationToken, bool mayOpen = true, bool mustOwn = false)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _access ??= await FindAsync(mayOpen, mustOwn, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>What brings the project's definitions to its engine.</summary>
    public async Task<DefinitionRegistrar> RegistrarAsync(CancellationToken cancellationToken)
    {
        var access = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var tasks = await project.LoadTasksAsync(cancellationToken).ConfigureAwait(false);
        var registrar = new DefinitionRegistrar(access.Conductor, () => project.Resources.Workflows, () => [.. (project.LoadedTasks ?? tasks).Definitions]);
        return Interlocked.CompareExchange(ref _registrar, registrar, null) ?? registrar;
    }

    /// <summary>The engine as stage evaluation needs it.</summary>
    /// <exception cref="ConductorUnavailableException">There is none, or another process holds it: the start is kept and sent later.</exception>
    public async ValueTask<StageEngine> OpenForStagesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var access = await OpenAsync(cancellationToken).ConfigureAwait(false);
            return new StageEngine(access.Conductor, await RegistrarAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (CliException held) when (held.ExitCode is ExitCodes.EngineUnreachable or ExitCodes.ProjectDamaged)
        {
            throw new ConductorUnavailableException(Directory, held);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_access is not null)
        {
            await _access.DisposeAsync().ConfigureAwait(false);
        }

        _gate.Dispose();
    }

    private Task<EngineAccess> FindAsync(bool mayOpen, bool mustOwn, CancellationToken cancellationToken)
    {
        var environment = project.Context.Environment;
        return EngineAccess.OpenAsync(
            new EngineAccessOptions
            {
                ServerUrl = project.Config.ConductorServerUrl,
                Credentials = BearerToken.From(project.Config.ConductorApiKeyVariable, environment.Variable),
                EngineDirectory = Directory,
                OpenEngine = token => EmbeddedEngine.OpenAsync(CrashPoint.In(environment, EngineSettings.Engine(project, Directory)), token),
                Server = EngineSettings.Server(project),
                MayOpen = mayOpen,
                MustOwn = mustOwn,
                TimeProvider = environment.TimeProvider,
            },
            cancellationToken);
    }
}
