using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Payloads;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Engine.Tests.Storage;

/// <summary>Payloads that are files beside the database.</summary>
public sealed class PayloadFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idflow-payloads-");

    public void Dispose() => _folder.Delete(recursive: true);

    private static JsonObject Large(char fill) => new() { ["text"] = new string(fill, 5000) };

    private static WorkflowRow Flow(string id, JsonObject input) =>
        new() { WorkflowId = id, Name = "wf", SnapshotId = "s", Status = WorkflowStatus.RUNNING, CreateTime = 1, Input = input };

    private SqliteEngineStore Open() => SqliteEngineStore.Open(_folder.FullName, fileBytes: 1000);

    private static void Write(SqliteEngineStore store, Action<StoreChanges> fill)
    {
        var changes = new StoreChanges();
        fill(changes);
        store.Write([changes]);
    }

    private static void Put(SqliteEngineStore store, params WorkflowRow[] rows) =>
        Write(store, changes => changes.Workflows.AddRange(rows.Select(row => new WorkflowWrite(row, true, RowParts.All))));

    private string[] Files => Directory.Exists(Path.Combine(_folder.FullName, PayloadFiles.FolderName))
        ? Directory.GetFiles(Path.Combine(_folder.FullName, PayloadFiles.FolderName), "*", SearchOption.AllDirectories)
        : [];

    [Fact]
    public async Task A_large_payload_is_one_file_for_all_rows_that_have_it_and_comes_back()
    {
        await using (var store = Open())
        {
            Put(store, Flow("w1", Large('x')), Flow("w2", Large('x')), Flow("w3", Large('y')), Flow("w4", new JsonObject { ["small"] = 1 }));
            Write(store, changes => changes.Tasks.Add(new TaskWrite(new TaskRow
            {
                TaskId = "t1",
                WorkflowId = "w1",
                ReferenceName = "a",
                TaskType = "a",
                TaskDefName = "a",
                WorkflowType = "wf",
                Input = Large('x'),
                Output = Large('y'),
            }, true, RowParts.All)));
        }

        Assert.Equal(2, Files.Length);
        Assert.True(new FileInfo(Path.Combine(_folder.FullName, SqliteEngineStore.FileName)).Length < 400_000);
        await using var again = Open();
        Assert.Equal(Large('x').ToJsonString(), again.ReadWorkflow("w2")!.Input.ToJsonString());
        Assert.Equal(Large('y').ToJsonString(), again.ReadTask("t1")!.Output.ToJsonString());
        Assert.Equal(["w3"], again.SearchWorkflows(new SearchCriteria([], "yyyy", [], 0, 10)).Ids);
    }

    [Fact]
    public async Task A_file_goes_when_the_last_row_that_names_it_is_gone_but_not_while_a_backup_holds_the_files()
    {
        await using var store = Open();
        Put(store, Flow("w1", Large('x')), Flow("w2", Large('x')), Flow("w3", Large('y')));
        Write(store, changes => changes.DeletedWorkflows.Add("w1"));
        Assert.Equal(0, store.CollectPayloadFiles());

        using (PayloadFiles.Hold(_folder.FullName))
        {
            Write(store, changes => changes.DeletedWorkflows.Add("w2"));
            Assert.Equal(0, store.CollectPayloadFiles());
        }

        Assert.Equal(1, store.CollectPayloadFiles());
        Assert.Single(Files);
        Assert.Equal(Large('y').ToJsonString(), store.ReadWorkflow("w3")!.Input.ToJsonString());
    }

    [Fact]
    public async Task Files_of_a_write_that_failed_are_collected()
    {
        await using var store = Open();
        var bad = new StoreChanges();
        bad.Workflows.Add(new WorkflowWrite(Flow("w1", Large('x')), true, RowParts.All));
        bad.Outbox.Add(new OutboxRow(1, null!, "w1", []));
        Assert.Throws<EngineStoreException>(() => store.Write([bad]));
        Assert.Single(Files);

        Assert.Equal(1, store.CollectPayloadFiles());
    }

    private static JsonObject Small => new() { ["small"] = 1 };

    private static void Replace(SqliteEngineStore store, string id, JsonObject input) =>
        Write(store, changes => changes.Workflows.Add(new WorkflowWrite(Flow(id, input), false, RowParts.Input)));

    private int PayloadRows()
    {
        using var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_folder.FullName, SqliteEngineStore.FileName)};Mode=ReadOnly");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "SELECT (SELECT count(*) FROM workflow_payload) + (SELECT count(*) FROM task_payload)";
        return (int)(long)command.ExecuteScalar()!;
    }

    [Fact]
    public async Task A_file_goes_at_once_when_the_last_payload_that_it_holds_is_replaced()
    {
        await using var store = Open();
        Put(store, Flow("w1", Large('x')), Flow("w2", Large('x')));

        Replace(store, "w1", Small);
        Assert.Single(Files);
        Assert.Equal(Large('x').ToJsonString(), store.ReadWorkflow("w2")!.Input.ToJsonString());

        Replace(store, "w2", Large('y'));
        Assert.Single(Files);
        Assert.Equal(Large('y').ToJsonString(), store.ReadWorkflow("w2")!.Input.ToJsonString());
        Assert.Equal(Small.ToJsonString(), store.ReadWorkflow("w1")!.Input.ToJsonString());

        Write(store, changes => changes.DeletedWorkflows.Add("w2"));
        Assert.Empty(Files);
        Assert.Equal(0, PayloadRows());
    }

    [Fact]
    public async Task A_payload_that_shrinks_leaves_no_row_behind()
    {
        await using var store = SqliteEngineStore.Open(_folder.FullName);
        var task = new TaskRow { TaskId = "t1", WorkflowId = "w1", ReferenceName = "a", TaskType = "a", TaskDefName = "a", WorkflowType = "wf", Input = Large('x'), Output = Large('y') };
        Put(store, Flow("w1", Large('x')));
        Write(store, changes => changes.Tasks.Add(new TaskWrite(task, true, RowParts.All)));
        Assert.Equal(3, PayloadRows());

        Replace(store, "w1", []);
        Write(store, changes => changes.Tasks.Add(new TaskWrite(task with { Output = Small }, false, RowParts.Output)));
        Assert.Equal(1, PayloadRows());
        Assert.Equal((Large('x').ToJsonString(), Small.ToJsonString()), (store.ReadTask("t1")!.Input.ToJsonString(), store.ReadTask("t1")!.Output.ToJsonString()));

        Write(store, changes => changes.Tasks.Add(new TaskWrite(task, false, RowParts.Output)));
        Assert.Equal(Large('y').ToJsonString(), store.ReadTask("t1")!.Output.ToJsonString());
    }

    [Fact]
    public async Task A_replaced_file_stays_while_a_backup_holds_the_files_and_goes_with_a_later_write_also_of_another_process()
    {
        await using (var store = Open())
        {
            Put(store, Flow("w1", Large('x')));
            using (PayloadFiles.Hold(_folder.FullName))
            {
                Replace(store, "w1", Small);
                Assert.Single(Files);
            }
        }

        await using var again = Open();
        Put(again, Flow("w2", Large('x')));
        Assert.Single(Files);
        Assert.Equal(Large('x').ToJsonString(), again.ReadWorkflow("w2")!.Input.ToJsonString());

        Replace(again, "w2", Small);
        Assert.Empty(Files);
    }

    [Fact]
    public async Task A_write_that_fails_removes_nothing_that_a_row_still_names()
    {
        await using var store = Open();
        Put(store, Flow("w1", Large('x')));
        var bad = new StoreChanges();
        bad.Workflows.Add(new WorkflowWrite(Flow("w1", Small), false, RowParts.Input));
        bad.Outbox.Add(new OutboxRow(1, null!, "w1", []));
        Assert.Throws<EngineStoreException>(() => store.Write([bad]));

        Put(store, Flow("w2", Small));
        Assert.Equal(Large('x').ToJsonString(), store.ReadWorkflow("w1")!.Input.ToJsonString());
    }

    [Fact]
    public async Task A_missing_file_says_which_and_what_mends_it()
    {
        await using var store = Open();
        Put(store, Flow("w1", Large('x')));
        File.Delete(Files.Single());

        var error = Assert.Throws<EngineStoreException>(() => store.ReadWorkflow("w1"));
        Assert.Contains("is missing", error.Message, StringComparison.Ordinal);
        Assert.Contains("backup", error.Message, StringComparison.Ordinal);
    }
}
