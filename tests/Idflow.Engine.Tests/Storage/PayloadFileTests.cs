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

        Write(store, changes => changes.DeletedWorkflows.Add("w2"));
        using (PayloadFiles.Hold(_folder.FullName))
        {
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
