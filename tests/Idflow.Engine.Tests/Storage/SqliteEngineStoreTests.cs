using System.Text.Json.Nodes;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Memory;
using Idflow.Engine.Storage.Payloads;
using Idflow.Engine.Storage.Sqlite;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Storage;

public sealed class SqliteEngineStoreTests : EngineStoreSearchContract
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "idflow-store-" + Guid.NewGuid().ToString("N"));

    private protected override IEngineStore Open() => SqliteEngineStore.Open(_folder);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string FilePath => Path.Combine(_folder, SqliteEngineStore.FileName);

    [Fact]
    public async Task What_was_written_is_there_after_opening_again()
    {
        Put(Flow("w1") with { Input = new() { ["a"] = 1 } });
        Put(Job("t1", "w1"));
        await Store.DisposeAsync();
        await using var again = SqliteEngineStore.Open(_folder);
        Assert.Equal("""{"a":1}""", again.ReadWorkflow("w1")!.Input.ToJsonString());
        Assert.Equal(["t1"], again.ReadTasks("w1").Select(task => task.TaskId));
        Assert.Equal(["w1"], again.OpenWorkflowIds());
        Assert.Empty(again.CheckIntegrity());
    }

    [Fact]
    public void An_entry_of_the_snapshot_is_not_stored_with_the_task()
    {
        Put(Job("t1", "w1") with { Entry = new() { Name = "n" } });
        Assert.Null(Store.ReadTask("t1")!.Entry);
    }

    [Fact]
    public void A_write_that_fails_leaves_nothing_and_the_next_one_works()
    {
        var good = new StoreChanges();
        good.Workflows.Add(new(Flow("w1"), true, RowParts.All));
        var bad = new StoreChanges();
        bad.Tasks.Add(new(Job("t1", null!), true, RowParts.All));
        Assert.Throws<EngineStoreException>(() => Store.Write([good, bad]));
        Assert.Null(Store.ReadWorkflow("w1"));
        Store.Write([good]);
        Assert.NotNull(Store.ReadWorkflow("w1"));
    }

    [Fact]
    public async Task A_full_disk_fails_the_write_and_keeps_the_rest()
    {
        await using var small = SqliteEngineStore.Open(Path.Combine(_folder, "small"), mostBytes: 512 * 1024, fileBytes: int.MaxValue);
        var commit = new StoreChanges();
        commit.Workflows.Add(new(Flow("kept"), true, RowParts.All));
        small.Write([commit]);
        var large = new StoreChanges();
        large.Workflows.Add(new(Flow("large") with { Input = new() { ["x"] = new string('x', 1024 * 1024) } }, true, RowParts.All));
        var full = Assert.Throws<EngineStoreException>(() => small.Write([large]));
        Assert.Contains("full", full.Message, StringComparison.Ordinal);
        Assert.Contains(SqliteEngineStore.FileName, full.Message, StringComparison.Ordinal);
        Assert.Null(small.ReadWorkflow("large"));
        var after = new StoreChanges();
        after.Workflows.Add(new(Flow("after"), true, RowParts.All));
        small.Write([after]);
        Assert.NotNull(small.ReadWorkflow("kept"));
        Assert.NotNull(small.ReadWorkflow("after"));
    }

    [Fact]
    public async Task Damaged_foreign_and_newer_files_are_refused_with_what_to_do()
    {
        var damaged = Path.Combine(_folder, "damaged");
        Directory.CreateDirectory(damaged);
        File.WriteAllText(Path.Combine(damaged, SqliteEngineStore.FileName), new string('x', 8192));
        var error = Assert.Throws<EngineStoreException>(() => SqliteEngineStore.Open(damaged));
        Assert.True(error.IsCorrupt);
        Assert.Contains("backup", error.Message, StringComparison.Ordinal);

        Assert.Contains("not a database of the engine", Assert.Throws<EngineStoreException>(() => OpenWith("foreign", "CREATE TABLE x (a)")).Message, StringComparison.Ordinal);
        await SqliteEngineStore.Open(Path.Combine(_folder, "newer")).DisposeAsync();
        Assert.Contains("newer version", Assert.Throws<EngineStoreException>(() => OpenWith("newer", "PRAGMA user_version = 99")).Message, StringComparison.Ordinal);
    }

    private void OpenWith(string folder, string sql)
    {
        var path = Path.Combine(_folder, folder);
        Directory.CreateDirectory(path);
        using (var database = Database.OpenWriter(Path.Combine(path, SqliteEngineStore.FileName)))
        {
            database.Execute(sql);
        }

        SqliteEngineStore.Open(path);
    }

    [Fact]
    public async Task A_backup_taken_during_writes_is_one_instant()
    {
        var target = Path.Combine(_folder, "backups", "one", SqliteEngineStore.FileName);
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var writing = Task.Run(() =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var commit = new StoreChanges();
                commit.Workflows.Add(new(Flow($"w{i}"), true, RowParts.All));
                commit.Tasks.Add(new(Job($"t{i}", $"w{i}"), true, RowParts.All));
                Store.Write([commit]);
                started.TrySetResult();
            }
        });
        await started.Task;
        EngineBackup.Copy(_folder, target);
        await stop.CancelAsync();
        await writing;
        await using var copy = SqliteEngineStore.Open(Path.GetDirectoryName(target)!);
        Assert.Empty(copy.CheckIntegrity());
        var flows = copy.OpenWorkflowIds();
        Assert.NotEmpty(flows);
        Assert.All(flows, id => Assert.Single(copy.ReadTasks(id)));
        Assert.Contains("there already", Assert.Throws<IOException>(() => EngineBackup.Copy(_folder, target)).Message, StringComparison.Ordinal);
        Assert.Equal([SqliteEngineStore.FileName], Directory.EnumerateFiles(Path.GetDirectoryName(target)!).Select(Path.GetFileName).Where(name => !name!.Contains('-', StringComparison.Ordinal)));
    }

    [Fact]
    public void Deletions_give_space_back()
    {
        var big = new JsonObject { ["x"] = new string('x', 256 * 1024) };
        for (var i = 0; i < 60; i++)
        {
            Put(Flow($"w{i}") with { Input = big });
        }

        for (var i = 0; i < 60; i++)
        {
            Write(changes => changes.DeletedWorkflows.Add($"w{i}"));
        }

        using var database = Database.OpenReader(FilePath);
        var bytes = database.Sql("PRAGMA page_count").First(row => row.Number(0)) * database.Sql("PRAGMA page_size").First(row => row.Number(0));
        Assert.True(bytes < 60 * 256 * 1024, $"{bytes} bytes are left");
    }

    [Fact]
    public void A_backup_of_no_engine_says_so() =>
        Assert.Contains("no engine", Assert.Throws<FileNotFoundException>(() => EngineBackup.Copy(Path.Combine(_folder, "nowhere"), Path.Combine(_folder, "x.db"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Readers_see_each_write_as_soon_as_it_has_returned() => Parallel.For(0, 4, thread =>
    {
        for (var i = 0; i < 25; i++)
        {
            var id = $"{thread}-{i}";
            Put(Flow(id));
            Assert.NotNull(Store.ReadWorkflow(id));
        }
    });

    [Fact]
    public void Blobs_of_an_unknown_form_are_refused()
    {
        Assert.Contains("form 9", Assert.Throws<EngineStoreException>(() => BlobCodec.Decode([9, 1, 2])).Message, StringComparison.Ordinal);
        Assert.Equal(JsonNode.Parse("""{"a":"ü"}""")!.ToJsonString(), RowCodec.DecodePayload(RowCodec.Encode(new JsonObject { ["a"] = "ü" })).ToJsonString());
    }

    [Theory]
    [InlineData("word", 0, 3)]
    [InlineData("WORD", 2, 100)]
    [InlineData("large", 4, 2)]
    public void Many_hits_of_free_text_are_paged_as_few_are(string text, int start, int size)
    {
        for (var i = 0; i < 40; i++)
        {
            Put(Flow($"w{i}", $"name{i % 3}", created: i / 2) with { Input = i % 5 == 0 ? [] : new() { ["text"] = "word", ["large"] = new string('x', i * 100) } });
        }

        var criteria = new SearchCriteria([new("workflowType", SearchOperator.In, ["name1", "name2"])], text, [new("startTime", true)], start, size);
        var files = new PayloadFiles(_folder, int.MaxValue);
        void Lend(Action<Database> use)
        {
            using var database = Database.OpenReader(FilePath);
            use(database);
        }

        var few = new SqliteTextSearch(Lend, SearchTable.Workflows, criteria, files).Run();
        var many = new SqliteTextSearch(Lend, SearchTable.Workflows, criteria, files, fewHits: 0).Run();
        Assert.Equal(few.TotalHits, many.TotalHits);
        Assert.Equal(few.Ids, many.Ids);
        Assert.Equal(Math.Min(size, few.TotalHits - start), few.Ids.Count);
    }

    /// <summary>The store in memory is the model: after any history both give the same answers.</summary>
    [Fact]
    public async Task Any_history_reads_as_in_memory()
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var random = new Random(seed);
            await using var memory = new InMemoryStore();
            await using var disk = SqliteEngineStore.Open(Path.Combine(_folder, $"seed{seed}"));
            for (var step = 0; step < 25; step++)
            {
                var commits = Enumerable.Range(0, random.Next(1, 4)).Select(_ => StoreHistory.Commit(random)).ToList();
                memory.Write(commits);
                disk.Write(commits);
            }

            Assert.Equal(StoreHistory.Describe(memory), StoreHistory.Describe(disk));
        }
    }
}
