using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Idflow.Benchmarks.Load;

/// <summary>The workflow of five steps on Restate, from npm, in the same run: see <c>bench/restate</c>. Needs node and npm.</summary>
internal static class RestateRun
{
    public static async Task RunAsync(Report report, SuiteOptions options)
    {
        report.Heading("Restate (npm @restatedev/restate-server)");
        var folder = Path.Combine(Path.GetDirectoryName(ServerProcess.OfClone())!, "bench", "restate");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            await OutputAsync(folder, "npm", "install", "--no-audit", "--no-fund");
        }

        var seconds = options.Number("seconds", 5).ToString(CultureInfo.InvariantCulture);
        var found = JsonNode.Parse(await OutputAsync(folder, "node", "bench.mjs", "--seconds", seconds))!;
        report.Value("steps, workflows of 5", (double)found["stepsPerSecond"]!, "/s", null, "256 workflows at once");
        report.Value("workflow of 5 steps, p50", (double)found["workflow"]!["p50"]!, "ms", null, "one after another");
        report.Value("workflow of 5 steps, p99", (double)found["workflow"]!["p99"]!, "ms", null);
    }

    private static async Task<string> OutputAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} in {folder}: {await errors}");
    }
}
