using System.Diagnostics;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Benchmarks.Engine;

/// <summary>The engine's database: commits by group size, reads, searches and a backup. A commit is what one finished task writes.</summary>
internal sealed class EngineStoreSuite : ISuite
{
    private static readonly JsonObject Payload = new() { ["document"] = "0190-a-document", ["words"] = 512, ["keywords"] = new JsonArray("one", "two", "three"), ["note"] = new string('x', 200) };

    public string Name => "engine-store";

    public string Summary => "commits, reads and searches of the engine's SQLite store; --count N (20000) commits at most per measurement";

    public async Task<bool> RunAsync(SuiteOptions options, Report report)
    {
        var most = options.Number("count", 20_000);
        var folder = Directory.CreateTempSubdirectory("idflow-bench-").FullName;
        try
        {
            await using var store = SqliteEngineStore.Open(folder);
            MeasureCommits(report, store, most);
            MeasureReads(report, store);
            var clock = Stopwatch.StartNew();
            EngineBackup.Copy(folder, Path.Combine(folder, "copy", SqliteEngineStore.FileName));
            report.Value("backup", clock.Elapsed.TotalMilliseconds, "ms", null, $"{new FileInfo(Path.Combine(folder, SqliteEngineStore.FileName)).Length >> 20} MiB");
            return report.AllTargetsMet;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int _next;

    private static void MeasureCommits(Report report, SqliteEngineStore store, int most)
    {
        report.Heading("commits per second (one workflow row, one ended task with output, one new task with input)");
        Commit(store, 64);
        foreach (var group in (int[])[1, 8, 64, 256])
        {
            var clock = Stopwatch.StartNew();
            var done = 0;
            while (clock.ElapsedMilliseconds < 1500 && done < most)
            {
                Commit(store, group);
                done += group;
            }

            report.Value($"{group} commits per transaction", done / clock.Elapsed.TotalSeconds, "/s", null);
        }
    }

    private static void Commit(SqliteEngineStore store, int group) => store.Write([.. Enumerable.Range(0, group).Select(_ => NextCommit())]);

    private static StoreChanges NextCommit()
    {
        var n = _next++;
        var workflow = $"workflow-{n / 5}";
        var changes = new StoreChanges();
        changes.Workflows.Add(new(new() { WorkflowId = workflow, Name = "flow", SnapshotId = "s", CreateTime = n, UpdateTime = n, Input = Payload, CorrelationId = $"c{n / 5}" }, n % 5 == 0, n % 5 == 0 ? RowParts.All : RowParts.State));
        if (n % 5 > 0)
        {
            changes.Tasks.Add(new(Job(n - 1, workflow) with { Status = TaskExecutionStatus.COMPLETED, Output = Payload, EndTime = n }, false, RowParts.Output));
        }

        changes.Tasks.Add(new(Job(n, workflow), true, RowParts.All));
        return changes;
    }

    private static TaskRow Job(int n, string workflow) => new()
    {
        TaskId = $"task-{n}",
        WorkflowId = workflow,
        ReferenceName = $"step_{n % 5}",
        TaskType = "work",
        TaskDefName = "work",
        WorkflowType = "flow",
        Seq = n % 5 + 1,
        Status = TaskExecutionStatus.SCHEDULED,
        Input = Payload,
        ScheduledTime = n,
    };

    private static void MeasureReads(Report report, SqliteEngineStore store)
    {
        report.Heading($"reads, {_next / 5:N0} workflows, {_next:N0} tasks");
        var random = new Random(1);
        Rate(report, "workflow by id", () => store.ReadWorkflow($"workflow-{random.Next(_next / 5)}"));
        Rate(report, "tasks of a workflow (5)", () => store.ReadTasks($"workflow-{random.Next(_next / 5)}"));
        Rate(report, "search by correlation id", () => store.SearchWorkflows(new([new("correlationId", SearchOperator.Equal, [$"c{random.Next(_next / 5)}"])], null, [], 0, 20)));
        Rate(report, "search by name and status, newest 20", () => store.SearchWorkflows(new(
            [new("workflowType", SearchOperator.Equal, ["flow"]), new("status", SearchOperator.Equal, ["RUNNING"])], null, [new("startTime", true)], 0, 20)));
        Rate(report, "free text over all", () => store.SearchWorkflows(new([], "0190-A-DOC", [new("startTime", true)], 0, 20)));
    }

    private static void Rate(Report report, string what, Func<object?> read)
    {
        read();
        var clock = Stopwatch.StartNew();
        var done = 0;
        while (clock.ElapsedMilliseconds < 700)
        {
            read();
            done++;
        }

        report.Value(what, done / clock.Elapsed.TotalSeconds, "/s", null);
    }
}
