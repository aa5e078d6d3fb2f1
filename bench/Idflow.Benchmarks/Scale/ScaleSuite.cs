using System.Diagnostics;
using System.Globalization;
using Idflow.Conductor.Model;
using Idflow.Engine;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Benchmarks.Scale;

/// <summary>An engine on a large history: opening, memory, pages of searches.</summary>
internal sealed class ScaleSuite : ISuite
{
    private const double MostMemory = 400;

    public string Name => "scale";

    public string Summary => "an engine on 1,000,000 ended and 100,000 running workflows: --count N, --tasks N each (2), --running N, --folder DIR keeps the database for the next run";

    public async Task<bool> RunAsync(SuiteOptions options, Report report)
    {
        if (options.Text("opened") is { } folder)
        {
            await MeasureAsync(folder, report);
            return report.AllTargetsMet;
        }

        var kept = options.Text("folder");
        folder = kept ?? Directory.CreateTempSubdirectory("idflow-bench-").FullName;
        try
        {
            if (!File.Exists(Path.Combine(folder, SqliteEngineStore.FileName)))
            {
                await WriteAsync(folder, options, report);
            }

            return await InOwnProcessAsync(folder);
        }
        finally
        {
            if (kept is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task WriteAsync(string folder, SuiteOptions options, Report report)
    {
        var (ended, tasks, running) = (options.Number("count", 1_000_000), options.Number("tasks", 2), options.Number("running", 100_000));
        var clock = Stopwatch.StartNew();
        await using (var store = SqliteEngineStore.Open(folder))
        {
            var history = new History(store);
            history.WriteDefinition();
            history.WriteEnded(ended, tasks);
            history.WriteRunning(running);
        }

        var bytes = new FileInfo(Path.Combine(folder, SqliteEngineStore.FileName)).Length;
        report.Heading($"{ended:N0} ended workflows of {tasks} tasks and {running:N0} running ones, written through the store");
        report.Value("written in", clock.Elapsed.TotalSeconds, "s", null, $"{bytes >> 20} MiB");
    }

    /// <summary>Its memory is that of the engine alone.</summary>
    private static async Task<bool> InOwnProcessAsync(string folder)
    {
        var program = Environment.ProcessPath!;
        string[] arguments = ["scale", "--opened", folder];
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        using var process = Process.Start(program, isHost ? [typeof(ScaleSuite).Assembly.Location, .. arguments] : arguments);
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    private static async Task MeasureAsync(string folder, Report report)
    {
        report.Heading("opened by a process of its own");
        var clock = Stopwatch.StartNew();
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = folder });
        report.Value("opening", clock.Elapsed.TotalSeconds, "s", 2, $"processor {Environment.CpuUsage.TotalTime.TotalSeconds:0.00} s");
        Memory(report, "memory after opening");
        await PageAsync(report, engine, "all, newest first", new SearchRequest { Sort = "startTime:DESC" });
        await PageAsync(report, engine, "by status, newest first", new SearchRequest { Query = "status = COMPLETED", Sort = "startTime:DESC" });
        await PageAsync(report, engine, "by type and status, newest first", new SearchRequest { Query = $"workflowType = {History.Name} AND status = FAILED", Sort = "startTime:DESC" });
        await PageAsync(report, engine, "by type, last changed first", new SearchRequest { Query = $"workflowType = {History.Name}", Sort = "endTime:DESC" });
        await PageAsync(report, engine, "by correlation id", new SearchRequest { Query = "correlationId = customer-77" });
        await PageAsync(report, engine, "started in a time", new SearchRequest { Query = "startTime > 1750005000000 AND startTime < 1750006000000", Sort = "startTime:ASC" });
        await PageAsync(report, engine, "free text, rare", new SearchRequest { FreeText = History.RareWord, Sort = "startTime:DESC" }, 1000);
        await PageAsync(report, engine, "free text, in one of eight outputs", new SearchRequest { FreeText = "\"state\":\"ember\"", Sort = "startTime:DESC" }, 1000);
        var name = (await engine.SearchWorkflowsAsync(new SearchRequest { Query = $"workflowType = {History.Running}", Size = 1 })).Results[0];
        var first = Stopwatch.StartNew();
        await engine.GetWorkflowAsync(name.WorkflowId!);
        report.Value("a running workflow, first read", first.Elapsed.TotalMilliseconds, "ms", null);
        Memory(report, "memory after searching");
    }

    private static async Task PageAsync(Report report, EmbeddedEngine engine, string what, SearchRequest request, double target = 100)
    {
        long hits = 0;
        await report.MeasureAsync($"page of 100: {what}", 5, target, async () => hits = (await engine.SearchWorkflowsAsync(request with { Size = 100 })).TotalHits);
        report.Note(string.Create(CultureInfo.InvariantCulture, $"  {hits:N0} hits"));
    }

    private static void Memory(Report report, string what) => report.Value(what, Environment.WorkingSet / 1048576.0, "MiB", MostMemory, "resident");
}
