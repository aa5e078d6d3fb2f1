using Idflow.Conductor;
using Idflow.Conductor.Rest;
using Idflow.Engine;

namespace Idflow.Server.Tests.Contracts;

/// <summary>An engine in memory, a server over it, and the REST client that talks to the server.</summary>
internal sealed class RestHost(EmbeddedEngine engine, ConductorServer server, RestConductor client) : IAsyncDisposable
{
    public static async Task<(IConductor Conductor, IAsyncDisposable Host)> CreateAsync()
    {
        var engine = await EmbeddedEngine.OpenAsync(new EngineOptions());
        var server = await ConductorServer.StartAsync(engine, new ServerOptions { Urls = "http://127.0.0.1:0" });
        var client = new RestConductor(new RestConductorOptions { ServerUrl = server.Addresses[0] });
        return (client, new RestHost(engine, server, client));
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
        await engine.DisposeAsync();
    }
}
