using System.ComponentModel;
using System.Diagnostics;
using Idflow.Documents;
using Idflow.Documents.Index;
using Idflow.Documents.Query;
using Microsoft.Extensions.Logging.Abstractions;

namespace Idflow.Benchmarks.Documents;

/// <summary>The index over a generated tree, beside ripgrep over the same tree in the same run.</summary>
internal sealed class DocumentsSuite : ISuite
{
    /// <summary>Targets in milliseconds for 10,000 and 100,000 documents (filter query, freshness check, first build); others are only reported.</summary>
    private static readonly Dictionary<int, (double Query, double Freshness, double? Build)> Targets = new()
    {
        [10_000] = (30, 150, 1500),
        [100_000] = (150, 1000, null),
    };

    public string Name => "documents";

    public string Summary => "index build, freshness, filters and search beside ripgrep; --count N (10000), --folder DIR (kept)";

    public async Task<bool> RunAsync(SuiteOptions options, Report report)
    {
        var count = options.Number("count", 10_000);
        var kept = options.Text("folder");
        var root = kept ?? Directory.CreateTempSubdirectory("idflow-bench-").FullName;
        var data = Path.Combine(root, "data");
        try
        {
            if (!Directory.Exists(data))
            {
                DocumentTree.Create(data, count);
                // Stamps younger than the tick of the file clock are not trusted; a real tree is older.
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }

            await MeasureIndexAsync(report, count, data, Path.Combine(root, "cache"));
            await MeasureRipgrepAsync(report, data);
            return report.AllTargetsMet;
        }
        finally
        {
            if (kept is null)
            {
                Directory.Delete(root, recursive: true);
            }
        }
    }

    private static async Task MeasureIndexAsync(Report report, int count, string data, string cache)
    {
        Targets.TryGetValue(count, out var targets);
        double? query = targets.Query > 0 ? targets.Query : null;
        double? freshness = targets.Freshness > 0 ? targets.Freshness : null;
        report.Heading($"index, {count:N0} documents");
        await report.MeasureAsync("first build (properties and full text)", 1, targets.Build, async () =>
        {
            using var index = Open(data, cache);
            await index.RefreshAsync();
        });
        await report.MeasureAsync("open and check in a new process's place", 3, null, async () =>
        {
            using var index = Open(data, cache);
            await index.RefreshAsync();
        });

        using var warm = Open(data, cache);
        await warm.RefreshAsync();
        await report.MeasureAsync("freshness check, nothing changed", 7, freshness, () => warm.RefreshAsync());
        var first = DocumentSelection.Parse(new DocumentQuery { Filters = ["owner=user3"] });
        await report.MeasureAsync("first query of the process, 'owner=user3'", 1, query, () => warm.QueryUncheckedAsync(first));
        foreach (var filters in (string[][])[["owner=user3"], ["priority=>0.5"], ["tags=tag7", "meta.depth=<3"], ["title=*9"], ["stage=research:done"], ["nothing=x"]])
        {
            await MeasureQueryAsync(report, warm, query, new DocumentQuery { Filters = filters });
        }

        await MeasureQueryAsync(report, warm, query, new DocumentQuery { Sort = ["-rank"], Limit = 20 });
        await report.MeasureAsync("search 'needle' (check included)", 7, null, () => warm.SearchAsync("needle", 20));
        GC.Collect();
        report.Value("resident memory", Process.GetCurrentProcess().WorkingSet64 / 1e6, "MB", count == 100_000 ? 200 : null, "this process, after all of the above");
    }

    /// <summary>The query alone: the check before it is measured on its own.</summary>
    private static async Task MeasureQueryAsync(Report report, DocumentIndex index, double? target, DocumentQuery query)
    {
        var selection = DocumentSelection.Parse(query);
        var total = 0;
        var name = string.Join(' ', query.Filters.Select(filter => $"'{filter}'").Concat(query.Sort.Select(sort => $"sort {sort}")));
        await report.MeasureAsync($"query {name}", 9, target, async () => total = (await index.QueryUncheckedAsync(selection)).Total);
        report.Note($"{total:N0} matches");
    }

    private static async Task MeasureRipgrepAsync(Report report, string data)
    {
        report.Heading("ripgrep over the same tree (whole process)");
        try
        {
            foreach (var pattern in (string[])["owner: user3$", "needle"])
            {
                await report.MeasureAsync($"rg -l '{pattern}'", 5, null, async () =>
                {
                    using var process = Process.Start(new ProcessStartInfo("rg", ["--no-config", "-l", pattern, data]) { RedirectStandardOutput = true })!;
                    await process.StandardOutput.ReadToEndAsync();
                    await process.WaitForExitAsync();
                });
            }
        }
        catch (Win32Exception)
        {
            report.Note("rg is not installed");
        }
    }

    private static DocumentIndex Open(string data, string cache) => new(data, cache, TimeProvider.System, NullLogger.Instance);
}
