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

    public static async Task<(IConductor Conductor, IAsyncDisposable Host)> OnDiskAsync(EngineLimits? limits = null)
    {
        var directory = Directory.CreateTempSubdirectory("idflow-engine-");
        var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = directory.FullName, Limits = limits ?? new EngineLimits() });
        return (engine, new OnDisk(engine, directory));
    }

    private sealed class OnDisk(EmbeddedEngine engine, DirectoryInfo directory) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await engine.DisposeAsync();
            directory.Delete(recursive: true);
        }
    }
}
