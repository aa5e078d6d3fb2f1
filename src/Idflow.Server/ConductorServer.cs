using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Engine;
using Idflow.Engine.Schedules;
using Idflow.Server.Endpoints;
using Idflow.Server.Http;
using Idflow.Server.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Idflow.Server;

/// <summary>
/// Serves Conductor's REST API over an <see cref="IConductor"/>, normally the embedded engine. It does not own the engine: stop the server first,
/// then the engine.
/// </summary>
public sealed class ConductorServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TimeSpan _drainTimeout;

    private ConductorServer(WebApplication app, TimeSpan drainTimeout)
    {
        _app = app;
        _drainTimeout = drainTimeout;
        Addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
    }

    /// <summary>Where it listens, with the real port; the API is under <c>/api</c> of each.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <exception cref="IOException">An address is in use or not ours.</exception>
    /// <exception cref="FormatException">An address cannot be read.</exception>
    public static async Task<ConductorServer> StartAsync(IConductor conductor, ServerOptions options, ILoggerFactory? loggers = null, CancellationToken cancellationToken = default)
    {
        var endpoints = ListenAddress.ParseAll(options.Urls);

        // An empty builder: no configuration files, no environment variables, no console, no signal handlers.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "idflow" });
        builder.Services.AddSingleton(loggers ?? NullLoggerFactory.Instance);
        builder.Services.AddSingleton<IHostLifetime, HostedElsewhere>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBodyBytes;
            foreach (var endpoint in endpoints)
            {
                endpoint.Listen(kestrel);
            }
        });

        var app = builder.Build();
        try
        {
            Configure(app, conductor, options);
            await app.StartAsync(cancellationToken);
            return new ConductorServer(app, options.DrainTimeout);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static void Configure(WebApplication app, IConductor conductor, ServerOptions options)
    {
        var handOut = new HandOut(conductor, new PollGate(options), app.Lifetime.ApplicationStopping);
        var bodies = new BodyGate(options);
        var routes = new RouteTable();
        new TaskEndpoints(conductor, handOut).Map(routes);
        new TaskQueueEndpoints(conductor).Map(routes);
        new WorkflowEndpoints(conductor).Map(routes);
        new WorkflowQueryEndpoints(conductor).Map(routes);
        new BulkEndpoints(conductor).Map(routes);
        new SyncEndpoints(conductor, options.TimeProvider).Map(routes);
        new WorkflowDefEndpoints(conductor).Map(routes);
        new TaskDefEndpoints(conductor).Map(routes);
        new EventEndpoints(conductor).Map(routes);
        new AdminEndpoints(conductor, options).Map(routes);
        SystemEndpoints.Map(routes);
        new SecretEndpoints(options).Map(routes);
        if (conductor is IWorkflowScheduler scheduler)
        {
            new ScheduleEndpoints(scheduler).Map(routes);
        }

        new PayloadEndpoints(conductor as IPayloadStorage).Map(routes);
        var description = new Lazy<Answer>(() => Answer.Json(OpenApiDocument.Create(routes.Routes)));
        routes.GetRoot("/api-docs", "This description, as OpenAPI.", _ => Task.FromResult(description.Value)).Gives<JsonObject>();

        app.Use(new ErrorAnswers(app.Services.GetRequiredService<ILogger<ErrorAnswers>>()).InvokeAsync);
        app.UseRouting();
        foreach (var route in routes.Routes)
        {
            app.MapMethods(route.Path, route.Method == "GET" ? ["GET", "HEAD"] : [route.Method], (RequestDelegate)(context => handOut.DeliverAsync(route.Handler, new ApiCall(context, options, bodies))));
        }
    }

    /// <summary>Stops accepting, ends long polls, and waits for the other requests under way.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(_drainTimeout);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    /// <summary>Signals are the business of whoever hosts the server.</summary>
    private sealed class HostedElsewhere : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
