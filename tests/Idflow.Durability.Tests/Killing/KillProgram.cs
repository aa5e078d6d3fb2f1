using System.Diagnostics;
using System.Globalization;

namespace Idflow.Durability.Tests.Killing;

/// <summary>
/// <c>kill</c>: starts the real program on a project, works with it over REST, kills it again and again, and checks from outside that
/// nothing acknowledged is lost and nothing happened twice. Ends with a line <c>N passed, N failed</c>.
/// </summary>
internal static class KillProgram
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        var seed = arguments.Number("seed", Environment.ProcessId * 7919 % 1_000_000);
        var kills = arguments.Number("kills", 100);
        var launch = arguments.Text("program") is { } program ? (IReadOnlyList<string>)program.Split(' ') : BuiltProgram.Launch();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"kill: {kills} kills, seed {seed}"));
        var clock = Stopwatch.StartNew();
        using var run = new KillRun(launch, seed);
        await run.RunAsync(kills, TimeSpan.FromMinutes(arguments.Number("minutes", 60)));
        foreach (var fault in run.Faults.Take(50))
        {
            Console.WriteLine($"FAULT: {fault}");
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Kills} kills in {clock.Elapsed.TotalSeconds:0} s: {string.Join(", ", run.KillsBy.OrderBy(by => by.Key).Select(by => $"{by.Value} {by.Key}"))}"));
        Console.WriteLine($"{run.Acknowledged} acknowledged calls, {run.Workflows} workflows checked");
        if (run.Faults.Count > 0)
        {
            Console.WriteLine($"kept: {run.Keep()}; again with: kill --kills {kills} --seed {seed}");
        }
        Console.WriteLine($"{run.Kills} passed, {run.Faults.Count} failed");
        return run.Faults.Count == 0 ? 0 : 1;
    }
}
