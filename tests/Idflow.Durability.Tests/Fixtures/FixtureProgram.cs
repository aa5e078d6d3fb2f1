using System.IO.Compression;
using Idflow.Conductor.Model;
using Idflow.Engine;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Sqlite;
using Idflow.Engine.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Durability.Tests.Fixtures;

/// <summary>
/// <c>fixture FILE</c>: writes the database of an engine that was left in the middle of things, as this version writes it.
/// Run it once for every released schema and keep the file (see Data/README.md); it is never written again.
/// </summary>
internal static class FixtureProgram
{
    /// <summary>When the engine of the fixture stopped.</summary>
    public static readonly DateTimeOffset Left = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static async Task<int> RunAsync(string file)
    {
        var folder = Directory.CreateTempSubdirectory("idflow-fixture-");
        try
        {
            await WriteAsync(folder.FullName);
            var copy = Path.Combine(folder.FullName, "copy.db");
            EngineBackup.Copy(folder.FullName, copy);
            await using var source = File.OpenRead(copy);
            await using var packed = new GZipStream(File.Create(file), CompressionLevel.SmallestSize);
            await source.CopyToAsync(packed);
            Console.WriteLine($"{file}: schema {Schema.Version}");
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task WriteAsync(string folder)
    {
        var holdEffects = false;
        await using var disk = SqliteEngineStore.Open(folder);
        var store = new FaultyStore(disk) { Refuses = commits => holdEffects && commits.Any(commit => commit.DeletedOutbox.Count > 0) };
        var time = new FakeTimeProvider(Left);
        var options = new EngineOptions { TimeProvider = time, Ids = new SequentialIds(), Limits = new EngineLimits { CommitsPerTransaction = 1 } };
        await using var engine = await EmbeddedEngine.OpenAsync(options, store);
        await FixtureWorkflows.RegisterAsync(engine);
        await FixtureRuns.BringToMiddleAsync(engine, store);
        holdEffects = true;
        await FixtureRuns.LeaveEffectAsync(engine, store);
    }
}
