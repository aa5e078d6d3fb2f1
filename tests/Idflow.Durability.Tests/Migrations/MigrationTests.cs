using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Durability.Tests.Fixtures;
using Idflow.Engine;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Durability.Tests.Migrations;

/// <summary>Databases of every released schema open, and what was running in them goes on.</summary>
public sealed class MigrationTests
{
    private static readonly string[] WorkerTypes = ["fx_work", "fx_retried", "fx_short_task"];

    public static TheoryData<string> EveryFile() => [.. StoredEngine.Files.Select(file => Path.GetFileName(file))];

    [Fact]
    public void Every_older_schema_has_its_file() =>
        Assert.Empty(Enumerable.Range(1, Schema.Version - 1).Select(version => $"schema-{version}.db.gz").Except(StoredEngine.Files.Select(file => Path.GetFileName(file)!)));

    [Theory]
    [MemberData(nameof(EveryFile))]
    public async Task Runs_of_a_released_schema_go_on_to_their_end(string file)
    {
        using var stored = Stored(file);
        var time = new FakeTimeProvider(FixtureProgram.Left.AddHours(1));
        await using (var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = stored.Folder, TimeProvider = time }))
        {
            var runs = await RunsAsync(engine);
            Assert.Equal(FixtureRuns.Open, FixtureRuns.Open.Where(runs.ContainsKey));
            await engine.ResumeWorkflowAsync(runs["paused"].WorkflowId!);
            await engine.UpdateTaskByReferenceAsync(runs["waiting"].WorkflowId!, "human", TaskResultStatus.COMPLETED, new JsonObject { ["answer"] = 42 });
            await FinishAsync(engine, time);
            Check(await RunsAsync(engine));
            Assert.Equal("it broke", Assert.Single(await engine.GetTaskLogsAsync((await BrokenAsync(engine, runs["failed"])).TaskId!)).Log);
            Assert.Equal(runs["dynamic"].WorkflowId, await StartDynamicAgainAsync(engine));
            Assert.Equal("Europe/Vienna", engine.GetSchedule("fx_nightly").ZoneId);
        }

        await using var store = SqliteEngineStore.Open(stored.Folder);
        Assert.Empty(store.CheckIntegrity());
        Assert.Empty(store.ReadOutbox());
    }

    [Theory]
    [MemberData(nameof(EveryFile))]
    public async Task A_migrated_database_has_the_tables_of_a_new_one(string file)
    {
        using var stored = Stored(file);
        var fresh = Directory.CreateTempSubdirectory("idflow-fresh-");
        await SqliteEngineStore.Open(stored.Folder).DisposeAsync();
        await SqliteEngineStore.Open(fresh.FullName).DisposeAsync();

        Assert.Equal(Tables(Path.Combine(fresh.FullName, SqliteEngineStore.FileName)), Tables(stored.DatabasePath));
        fresh.Delete(recursive: true);
    }

    [Fact]
    public void A_newer_schema_is_refused_and_left_alone()
    {
        using var stored = Stored("schema-1.db.gz");
        Execute(stored, $"PRAGMA user_version = {Schema.Version + 1}");
        var before = File.ReadAllBytes(stored.DatabasePath);

        var error = Assert.Throws<EngineStoreException>(() => SqliteEngineStore.Open(stored.Folder));

        Assert.Contains($"schema {Schema.Version + 1}", error.Message, StringComparison.Ordinal);
        Assert.Contains("Update idflow", error.Message, StringComparison.Ordinal);
        Assert.Contains(stored.DatabasePath, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(stored.DatabasePath));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_damaged_file_is_named_with_what_to_do(int page)
    {
        using var stored = Stored("schema-1.db.gz");
        Damage(stored.DatabasePath, page);

        var error = await Assert.ThrowsAsync<EngineStoreException>(async () =>
        {
            await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = stored.Folder });
            await RunsAsync(engine);
        });

        Assert.True(error.IsCorrupt, error.Message);
        Assert.Contains(stored.DatabasePath, error.Message, StringComparison.Ordinal);
        Assert.Contains("backup", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_cut_short_is_named_with_what_to_do()
    {
        using var stored = Stored("schema-1.db.gz");
        using (var file = File.OpenWrite(stored.DatabasePath))
        {
            file.SetLength(file.Length / 2);
        }

        var error = await Assert.ThrowsAsync<EngineStoreException>(async () =>
        {
            await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = stored.Folder });
            await RunsAsync(engine);
        });

        Assert.True(error.IsCorrupt, error.Message);
        Assert.Contains("backup", error.Message, StringComparison.Ordinal);
    }

    private static StoredEngine Stored(string file) => new(Path.Combine(AppContext.BaseDirectory, "Data", file));

    private static void Damage(string path, int page)
    {
        using var file = File.OpenWrite(path);
        file.Position = page * 4096;
        file.Write(Enumerable.Repeat((byte)0xA5, 4096).ToArray());
    }

    private static void Execute(StoredEngine stored, string sql)
    {
        using var database = Database.OpenWriter(stored.DatabasePath);
        database.Execute(sql);
    }

    private static List<string> Tables(string path)
    {
        using var database = Database.OpenReader(path);
        return database.Sql("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY type, name")
            .Rows(row => string.Join(' ', row.Text(0)!.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)));
    }

    /// <summary>The runs that have a correlation id, by it.</summary>
    private static async Task<Dictionary<string, Workflow>> RunsAsync(EmbeddedEngine engine)
    {
        var found = await engine.SearchWorkflowsAsync(new SearchRequest { Query = "", Size = 1000 });
        var runs = new Dictionary<string, Workflow>();
        foreach (var summary in found.Results)
        {
            var run = await engine.GetWorkflowAsync(summary.WorkflowId!);
            if (run is { CorrelationId: { } key, ParentWorkflowId: null or "" })
            {
                runs.TryAdd(key, run);
            }
        }
        return runs;
    }

    private static async Task<TaskExecution> BrokenAsync(EmbeddedEngine engine, Workflow failed) => (await engine.GetWorkflowAsync(failed.WorkflowId!)).Tasks[0];

    private static Task<string> StartDynamicAgainAsync(EmbeddedEngine engine) => engine.StartWorkflowAsync(new StartWorkflowRequest
    {
        Name = "fx_dynamic",
        IdempotencyKey = "fx-key",
        IdempotencyStrategy = IdempotencyStrategy.RETURN_EXISTING,
    });

    private static async Task FinishAsync(EmbeddedEngine engine, FakeTimeProvider time)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (engine.HasOpenEffects || (await engine.SearchWorkflowsAsync(new SearchRequest { Query = "status IN (RUNNING,PAUSED)", Size = 1 })).TotalHits > 0)
        {
            foreach (var type in WorkerTypes)
            {
                foreach (var task in await engine.PollTasksAsync(type, "now", count: 10, timeout: TimeSpan.Zero, cancellationToken: patience.Token))
                {
                    await engine.UpdateTaskAsync(FixtureRuns.Result(task, TaskResultStatus.COMPLETED));
                }
            }
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, patience.Token);
        }
    }

    private static void Check(Dictionary<string, Workflow> runs)
    {
        Assert.All(runs.Where(run => run.Key != "failed"), run => Assert.Equal((run.Key, WorkflowStatus.COMPLETED), (run.Key, run.Value.Status)));
        Assert.Equal(WorkflowStatus.FAILED, runs["failed"].Status);
        Assert.EndsWith("broke", runs["failed"].ReasonForIncompletion!.TrimEnd('\'', '.'), StringComparison.Ordinal);
        Assert.Equal("""{"a":3,"sub":3,"seen":"Gr\u00FC\u00DF Gott","third":3}""", runs["in-loop"].Output.ToJsonString());
        Assert.Equal(6, (int)runs["in-fork"].Output["sub"]!);
        Assert.Equal(42, (int)runs["waiting"].Output["human"]!);
        Assert.Equal((1, 2), ((int)runs["dynamic"].Output["joined"]!["x"]!["v"]!, (int)runs["dynamic"].Output["joined"]!["y"]!["v"]!));
        Assert.Equal(2, runs["held-by-another"].Tasks.Count);
        Assert.Equal(TaskExecutionStatus.TIMED_OUT, runs["held-by-another"].Tasks[0].Status);
        Assert.Single(runs["held-by-us"].Tasks);
        Assert.True(runs.ContainsKey("left-told"), "the event that was left was not handled");
        Assert.True(runs.ContainsKey($"{runs["in-fork"].WorkflowId}-told"), "an event of a run was not handled");
    }
}
