using Idflow.Conductor;

namespace Idflow.Engine.Tests.Contracts;

/// <summary>Engines for the contract suites.</summary>
internal static class Engines
{
    public static async Task<(IConductor Conductor, IAsyncDisposable Host)> InMemoryAsync()
    {
        var engine = await EmbeddedEngine.OpenAsync(new EngineOptions());
        return (engine, engine);
    }
}
