using System.IO.Compression;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Memory;
using Idflow.Engine.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Engine.Tests.Execution;

/// <summary>What is over goes after its time, and only then.</summary>
public sealed class RetentionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idflow-retention-");

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<(EmbeddedEngine Engine, IEngineStore Store)> OpenAsync(EngineRetention retention, bool onDisk = false)
    {
        IEngineStore store = onDisk ? SqliteEngineStore.Open(_folder.FullName, fileBytes: 1000) : new InMemoryStore();
        var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { TimeProvider = _time, Retention = retention }, store);
        await engine.CreateWorkflowDefAsync(Definition("wf", new WorkflowTask { Name = "a", TaskReferenceName = "a" }));
        await engine.CreateWorkflowDefAsync(Definition("parent", new WorkflowTask
        {
            Name = "child",
            TaskReferenceName = "child",
            Type = TaskTypes.SubWorkflow,
            SubWorkflowParam = new SubWorkflowParams { Name = "wf" },
        }, new WorkflowTask { Name = "gate", TaskReferenceName = "gate", Type = TaskTypes.Human }));
        return (engine, store);
    }

    private static WorkflowDef Definition(string name, params WorkflowTask[] tasks) => new() { Name = name, OwnerEmail = "a@example.com", Tasks = tasks };

    private static async Task<string> RunAsync(EmbeddedEngine engine, JsonObject? input = null)
    {
        var id = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "wf", Input = input ?? [] });
        await CompleteAsync(engine);
        return id;
    }

    private static async Task CompleteAsync(EmbeddedEngine engine)
    {
        TaskExecution? task = null;
        await UntilAsync("a task", async () => (task = (await engine.PollTasksAsync("a", timeout: TimeSpan.Zero)).SingleOrDefault()) is not null);
        await engine.UpdateTaskAsync(new TaskResult
        {
            TaskId = task!.TaskId,
            WorkflowInstanceId = task.WorkflowInstanceId,
            Status = TaskResultStatus.COMPLETED,
            Logs = [new TaskExecLog { Log = "done" }],
        });
    }

    private static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await holds())
        {
            Assert.False(limit.IsCancellationRequested, $"waited for {what}");
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private static async Task<bool> IsGoneAsync(EmbeddedEngine engine, string id)
    {
        try
        {
            await engine.GetWorkflowAsync(id);
            return false;
        }
        catch (ConductorException error) when (error.Status == 404)
        {
            return true;
        }
    }

    /// <summary>Lets a whole sweep pass. The one of an earlier jump of the clock may be under way still, so now and then another hour goes by.</summary>
    private async Task SweepAsync(IEngineStore store, Func<bool> swept)
    {
        using var limit = new CancellationTokenSource(Patience);
        for (var looks = 0; !swept(); looks++)
        {
            Assert.False(limit.IsCancellationRequested, "the sweep did not do its work");
            if (looks % 400 == 0)
            {
                _time.Advance(TimeSpan.FromHours(1));
            }
            await Task.Delay(5, CancellationToken.None);
        }
        Assert.NotNull(store);
    }

    [Fact]
    public async Task Ended_workflows_go_after_their_time_and_open_ones_stay()
    {
        var (engine, store) = await OpenAsync(new EngineRetention { Workflows = TimeSpan.FromDays(2), Batch = 2 });
        await using var _ = engine;
        var ended = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ended.Add(await RunAsync(engine));
        }
        var open = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "parent" });
        _time.Advance(TimeSpan.FromDays(1));
        var young = await RunAsync(engine);
        _time.Advance(TimeSpan.FromDays(1));

        await SweepAsync(store, () => ended.TrueForAll(id => store.ReadWorkflow(id) is null));

        Assert.False(await IsGoneAsync(engine, open));
        Assert.False(await IsGoneAsync(engine, young));
        Assert.True(await IsGoneAsync(engine, ended[0]));
    }

    [Fact]
    public async Task A_child_goes_after_the_workflow_that_started_it()
    {
        var (engine, store) = await OpenAsync(new EngineRetention { Workflows = TimeSpan.FromDays(2) });
        await using var _ = engine;
        var parent = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "parent" });
        await CompleteAsync(engine);
        var other = await RunAsync(engine);
        var child = (await engine.GetWorkflowAsync(parent)).Tasks[0].SubWorkflowId!;
        _time.Advance(TimeSpan.FromDays(3));
        await SweepAsync(store, () => store.ReadWorkflow(other) is null);
        Assert.NotNull(store.ReadWorkflow(child));

        await engine.TerminateWorkflowAsync(parent);
        _time.Advance(TimeSpan.FromDays(3));
        await SweepAsync(store, () => store.ReadWorkflow(child) is null);
        Assert.Null(store.ReadWorkflow(parent));
    }

    [Fact]
    public async Task Nothing_goes_without_a_setting()
    {
        var (engine, store) = await OpenAsync(new EngineRetention());
        await using var _ = engine;
        var id = await RunAsync(engine);
        var record = new StoreChanges();
        record.EventExecutions.Add(new EventExecutionRow("m_0", "h", "e", "m", "COMPLETED", null, [], 1));
        store.Write([record]);
        _time.Advance(TimeSpan.FromDays(1000));

        await SweepAsync(store, () => !store.HasEventExecution("h", "e", "m_0"));

        Assert.False(await IsGoneAsync(engine, id));
    }

    [Fact]
    public async Task Removed_workflows_stand_in_the_archive_whole_and_their_files_and_definitions_are_gone()
    {
        var archive = Path.Combine(_folder.FullName, "archive");
        var (engine, store) = await OpenAsync(new EngineRetention { Workflows = TimeSpan.FromDays(2), ArchiveDirectory = archive }, onDisk: true);
        await using var _ = engine;
        var id = await RunAsync(engine, new JsonObject { ["text"] = new string('x', 5000) });
        var snapshot = store.ReadWorkflow(id)!.SnapshotId;
        _time.Advance(TimeSpan.FromDays(3));

        await SweepAsync(store, () => store.ReadWorkflow(id) is null && store.ReadSnapshot(snapshot) is null
            && Directory.GetFiles(Path.Combine(_folder.FullName, "payloads"), "*", SearchOption.AllDirectories).Length == 0);

        await using var packed = new GZipStream(File.OpenRead(Directory.GetFiles(archive, "*.jsonl.gz").Single()), CompressionMode.Decompress);
        using var reader = new StreamReader(packed);
        var line = JsonNode.Parse((await reader.ReadLineAsync())!)!;
        Assert.Equal(id, (string)line["workflowId"]!);
        Assert.Equal(5000, ((string)line["input"]!["text"]!).Length);
        Assert.Equal("COMPLETED", (string)line["tasks"]![0]!["status"]!);
        Assert.Equal("done", (string)line["taskLogs"]![(string)line["tasks"]![0]!["taskId"]!]![0]!["log"]!);
        Assert.Null(await reader.ReadLineAsync());
    }

    [Fact]
    public async Task A_definition_that_was_removed_with_its_last_run_is_stored_again_with_the_next()
    {
        var (engine, store) = await OpenAsync(new EngineRetention { Workflows = TimeSpan.FromDays(2) }, onDisk: true);
        await using var _ = engine;
        var first = await RunAsync(engine);
        var snapshot = store.ReadWorkflow(first)!.SnapshotId;
        _time.Advance(TimeSpan.FromDays(3));
        await SweepAsync(store, () => store.ReadSnapshot(snapshot) is null);

        var second = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "wf" });

        Assert.Equal(snapshot, store.ReadWorkflow(second)!.SnapshotId);
        Assert.NotNull(store.ReadSnapshot(snapshot));
    }

    [Fact]
    public async Task Each_schedule_keeps_its_newest_records()
    {
        var (engine, store) = await OpenAsync(new EngineRetention { ScheduleExecutions = 2, Batch = 1 });
        await using var _ = engine;
        var changes = new StoreChanges();
        for (var i = 0; i < 5; i++)
        {
            changes.ScheduleExecutions.Add(new ScheduleExecutionRow($"x{i}", "x", i, i, null, "EXECUTED", null, []));
        }
        changes.ScheduleExecutions.Add(new ScheduleExecutionRow("y0", "y", 0, 0, null, "EXECUTED", null, []));
        store.Write([changes]);

        await SweepAsync(store, () => store.ReadScheduleExecutions(null, 0, 10).Count == 3);

        Assert.Equal(["x4", "x3"], store.ReadScheduleExecutions("x", 0, 10).Select(row => row.ExecutionId));
    }
}
