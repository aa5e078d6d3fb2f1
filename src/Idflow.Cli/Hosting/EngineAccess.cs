using Idflow.Cli.Errors;
using Idflow.Conductor;
using Idflow.Conductor.Rest;
using Idflow.Engine;
using Idflow.Engine.Ownership;
using Idflow.Server;
using Microsoft.Extensions.Logging;

namespace Idflow.Cli.Hosting;

/// <summary>Which engine a command works with.</summary>
internal enum EngineKind
{
    /// <summary>The server that <c>conductor.server_url</c> names.</summary>
    Server,

    /// <summary>Another idflow process that owns the project's engine, over its REST API.</summary>
    Owner,

    /// <summary>The embedded engine, open in this process.</summary>
    Own,
}

/// <summary>The engine of a project, found in the order: configured server, living owner, own.</summary>
internal sealed class EngineAccess : IAsyncDisposable
{
    /// <summary>A command without a server of its own holds the engine only shortly; so long another one waits for it.</summary>
    private static readonly TimeSpan OwnerPatience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);
    private readonly EmbeddedEngine? _engine;
    private readonly IDisposable? _client;
    private readonly ServerOptions _serverOptions;
    private ConductorServer? _server;
    private bool _disposed;

    private EngineAccess(EngineKind kind, IConductor conductor, string? url, ServerOptions server)
    {
        _serverOptions = server;
        Kind = kind;
        Conductor = conductor;
        Url = url;
        _engine = conductor as EmbeddedEngine;
        _client = kind == EngineKind.Own ? null : conductor as IDisposable;
    }

    public EngineKind Kind { get; }

    public IConductor Conductor { get; }

    /// <summary>Where its REST API is, without <c>/api</c>; null while an own engine is not served.</summary>
    public string? Url { get; private set; }

    /// <summary>Puts the tasks of a dead worker back, by the beginning of its id; null where only the engine's owner can.</summary>
    public Func<string, CancellationToken, Task>? ReleaseTasks => _engine is { } engine ? (prefix, _) => engine.ReleaseTasksOfWorkerAsync(prefix) : null;

    /// <summary>True while an own engine has effects of workflows to carry out; what a server has cannot be seen.</summary>
    public bool HasOpenEffects => _engine is { HasOpenEffects: true };

    /// <exception cref="CliException">4: there is no engine and none may be opened. 5: another process holds it.</exception>
    public static async Task<EngineAccess> OpenAsync(EngineAccessOptions options, CancellationToken cancellationToken)
    {
        if (options.ServerUrl is { } serverUrl)
        {
            return new EngineAccess(EngineKind.Server, Client(serverUrl, options), serverUrl, options.Server);
        }

        var started = options.TimeProvider.GetTimestamp();
        while (true)
        {
            if (options.MayOpen && await TryOpenOwnAsync(options, cancellationToken).ConfigureAwait(false) is { } own)
            {
                return own;
            }

            var owner = EngineOwnership.Find(options.EngineDirectory);
            if (owner.Url is { } url && await AnswersAsync(url, cancellationToken).ConfigureAwait(false))
            {
                return !options.MustOwn ? new EngineAccess(EngineKind.Owner, Client(url, options), url, options.Server)
                    : throw new CliException(ExitCodes.ProjectDamaged, $"The engine of this project is already up at {url}.", "Use that one, or stop it first.");
            }

            if (!options.MayOpen && !owner.IsOwned)
            {
                throw new CliException(ExitCodes.EngineUnreachable, "No engine runs for this project, and none is configured.", "Start one with 'idflow up', or set conductor.server_url in config/idflow.yml.");
            }

            if (options.TimeProvider.GetElapsedTime(started) > (options.MayOpen ? OwnerPatience : TimeSpan.FromSeconds(1)))
            {
                throw options.MayOpen
                    ? new CliException(ExitCodes.ProjectDamaged, "The engine of this project is held by another process that does not answer.", "Wait until it ends, or stop it.")
                    : new CliException(ExitCodes.EngineUnreachable, "The engine of this project does not answer.", "Start one with 'idflow up', or set conductor.server_url in config/idflow.yml.");
            }

            await Task.Delay(RetryPause, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Serves the own engine's REST API and tells other commands where.</summary>
    /// <exception cref="CliException">An address is in use or malformed.</exception>
    public async Task ServeAsync(string urls, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        try
        {
            _server = await ConductorServer.StartAsync(Conductor, _serverOptions with { Urls = urls }, loggers, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new CliException(ExitCodes.Failed, $"Cannot listen on {urls}: {e.Message}", "Give another address with --urls, for example --urls http://127.0.0.1:0 for a free port.", e);
        }
        catch (FormatException e)
        {
            throw CliException.Usage($"--urls: {e.Message}", "An address looks like http://127.0.0.1:8080.");
        }

        Url = _server.Addresses[0];
        _engine!.PublishUrl(Url);
    }

    /// <summary>Closes it, once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        if (_server is not null)
        {
            _engine!.PublishUrl(null);
            await _server.DisposeAsync().ConfigureAwait(false);
        }

        if (_engine is not null)
        {
            await _engine.DisposeAsync().ConfigureAwait(false);
        }

        _client?.Dispose();
    }

    /// <summary>Null while another process has it.</summary>
    private static async Task<EngineAccess?> TryOpenOwnAsync(EngineAccessOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return new EngineAccess(EngineKind.Own, await options.OpenEngine(cancellationToken).ConfigureAwait(false), null, options.Server);
        }
        catch (EngineInUseException)
        {
            return null;
        }
    }

    private static RestConductor Client(string url, EngineAccessOptions options)
    {
        try
        {
            return new RestConductor(new RestConductorOptions { ServerUrl = url, Credentials = options.Credentials });
        }
        catch (ArgumentException e)
        {
            throw new CliException(ExitCodes.ProjectDamaged, $"conductor.server_url: {e.Message}", "It looks like http://conductor:8080.", e);
        }
    }

    private static async Task<bool> AnswersAsync(string url, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            using var answer = await client.GetAsync(new Uri(url + "/health"), cancellationToken).ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>What <see cref="EngineAccess.OpenAsync"/> looks for.</summary>
internal sealed record EngineAccessOptions
{
    /// <summary><c>conductor.server_url</c>; null = not set.</summary>
    public string? ServerUrl { get; init; }

    public IConductorCredentials? Credentials { get; init; }

    /// <summary><c>.idflow/engine</c> of the project.</summary>
    public required string EngineDirectory { get; init; }

    /// <summary>Opens the embedded engine; an <see cref="EngineInUseException"/> says that another process has it.</summary>
    public required Func<CancellationToken, Task<EmbeddedEngine>> OpenEngine { get; init; }

    /// <summary>False: only a server or a living owner will do.</summary>
    public bool MayOpen { get; init; } = true;

    /// <summary>How an own engine is served.</summary>
    public ServerOptions Server { get; init; } = new();

    /// <summary>True: a living owner is an error.</summary>
    public bool MustOwn { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
