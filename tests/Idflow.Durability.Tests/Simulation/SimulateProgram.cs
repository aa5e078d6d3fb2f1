using System.Diagnostics;
using System.Globalization;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Memory;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>
/// <c>simulate</c>: seeds for so many minutes, on every processor; one in ten over SQLite, the others over the store in memory.
/// Ends with a line <c>N passed, N failed</c>. <c>--seed N</c> runs that one alone and tells what happens in it.
/// </summary>
internal static class SimulateProgram
{
    private const int OnDiskOneIn = 10;

    public static int Run(Arguments arguments)
    {
        if (arguments.Text("seed") is not null)
        {
            return RunOne(arguments.Number("seed", 1));
        }
        var first = arguments.Number("first", Environment.ProcessId * 100_003 % 1_000_000_000);
        var limit = TimeSpan.FromSeconds(arguments.Number("seconds", 60 * arguments.Number("minutes", 2)));
        var clock = Stopwatch.StartNew();
        var (passed, failed, next) = (0, 0, first - 1);
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            while (clock.Elapsed < limit)
            {
                var seed = Interlocked.Increment(ref next);
                var (faults, _) = RunSeed(seed, IsOnDisk(seed));
                if (faults.Count == 0)
                {
                    Interlocked.Increment(ref passed);
                    continue;
                }
                Interlocked.Increment(ref failed);
                Console.WriteLine($"FAILED seed {seed}: {faults[0]}\n  again: dotnet run --project tests/Idflow.Durability.Tests -- simulate --seed {seed}");
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"simulate: {passed + failed} seeds from {first} on in {clock.Elapsed.TotalSeconds:0} s"));
        Console.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    public static (IReadOnlyList<string> Faults, ulong Fingerprint) RunSeed(int seed, bool onDisk, Action<string>? tell = null)
    {
        var folder = onDisk ? Directory.CreateTempSubdirectory("idflow-simulation-") : null;
        IEngineStore content = folder is null ? new InMemoryStore() : SqliteEngineStore.Open(folder.FullName);
        (IReadOnlyList<string> Faults, ulong Fingerprint) outcome = ([], 0);

        // A thread of its own: no context that would carry continuations elsewhere.
        var thread = new Thread(() =>
        {
            using var run = new SimulatedRun(seed, content, folder is null ? null : Path.Combine(folder.FullName, "archive"), tell);
            try
            {
                outcome = (run.Run(), run.Fingerprint);
            }
            catch (Exception error)
            {
                outcome = ([error.ToString()], run.Fingerprint);
            }
        });
        thread.Start();
        thread.Join();
        content.DisposeAsync().AsTask().GetAwaiter().GetResult();
        folder?.Delete(recursive: true);
        return outcome;
    }

    private static bool IsOnDisk(int seed) => seed % OnDiskOneIn == 0;

    private static int RunOne(int seed)
    {
        var (faults, fingerprint) = RunSeed(seed, IsOnDisk(seed), Console.WriteLine);
        foreach (var fault in faults)
        {
            Console.WriteLine($"FAULT: {fault}");
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, fingerprint {fingerprint:x}"));
        Console.WriteLine(faults.Count == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
        return faults.Count == 0 ? 0 : 1;
    }
}
