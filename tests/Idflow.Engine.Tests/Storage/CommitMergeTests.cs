using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Execution;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Engine.Tests.Storage;

/// <summary>Commits of one transaction that are merged leave what they leave one by one.</summary>
public sealed class CommitMergeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idflow-merge-");

    public void Dispose() => _folder.Delete(recursive: true);

    private const RowParts Everything = RowParts.All | RowParts.Status | RowParts.Keys;

    private static StoreChanges Commit(Action<StoreChanges> fill)
    {
        var changes = new StoreChanges();
        fill(changes);
        return changes;
    }

    private static readonly WorkflowRow Flow = new()
    {
        WorkflowId = "w",
        Name = "wf",
        SnapshotId = "s",
        Status = WorkflowStatus.RUNNING,
        CreateTime = 1,
        Input = new JsonObject { ["i"] = 1 },
        Variables = new JsonObject { ["v"] = 1 },
    };

    private static readonly TaskRow Task = new()
    {
        TaskId = "t",
        WorkflowId = "w",
        ReferenceName = "t",
        TaskType = "t",
        TaskDefName = "t",
        WorkflowType = "wf",
        Status = TaskExecutionStatus.SCHEDULED,
        Input = new JsonObject { ["i"] = 1 },
    };

    private static MessageRow Message(string id) => new(id, "w", new JsonObject { ["m"] = id }, 1);

    private static OutboxRow Effect(long id) => new(id, "goOn", "w", []);

    /// <summary>A start, a hand-out, a result and what follows, each with rows of every kind.</summary>
    private static List<StoreChanges> Commits() =>
    [
        Commit(changes =>
        {
            changes.Workflows.Add(new(Flow, true, RowParts.All));
            changes.Tasks.Add(new(Task, true, RowParts.Input | RowParts.Output));
            changes.Snapshots.Add(new SnapshotRow("s", new WorkflowDef { Name = "wf" }));
            changes.Outbox.AddRange([Effect(1), Effect(2)]);
            changes.Messages.AddRange([Message("m1"), Message("m2")]);
            changes.Documents.Add(new DocumentRow(DocumentKind.Setting, "d", 0, "1"));
        }),
        Commit(changes =>
        {
            changes.Workflows.Add(new(Flow with { Variables = new JsonObject { ["v"] = 2 } }, false, RowParts.Variables));
            changes.Tasks.Add(new(Task with { Status = TaskExecutionStatus.IN_PROGRESS, Output = new JsonObject { ["o"] = 1 } }, false, RowParts.Output | RowParts.Status));
            changes.Logs.Add(new TaskLogRow("t", "w", "first", 1));
            changes.EventExecutions.Add(new EventExecutionRow("m_0", "h", "e", "m", "COMPLETED", null, [], 1));
            changes.DeletedOutbox.AddRange([1, 100]);
            changes.DeletedMessages.AddRange(["m1", "before"]);
            changes.Documents.Add(new DocumentRow(DocumentKind.Setting, "d", 0, "2"));
        }),
        Commit(changes =>
        {
            var ended = Flow with { Status = WorkflowStatus.COMPLETED, EndTime = 5, Variables = new JsonObject { ["v"] = 2 }, Output = new JsonObject { ["o"] = 2 } };
            changes.Workflows.Add(new(ended, false, RowParts.Output | RowParts.Status));
            changes.Tasks.Add(new(Task with { Status = TaskExecutionStatus.COMPLETED, EndTime = 4, Output = new JsonObject { ["o"] = 1 } }, false, RowParts.Status));
            changes.Logs.Add(new TaskLogRow("t", "w", "second", 2));
            changes.ScheduleExecutions.Add(new ScheduleExecutionRow("x", "s", 1, 1, "w", "EXECUTED", null, []));
            changes.Outbox.Add(Effect(3));
        }),
    ];

    private static string Written(string folder, Action<SqliteEngineStore> write)
    {
        var store = SqliteEngineStore.Open(folder);
        try
        {
            store.Write([Commit(changes =>
            {
                changes.Outbox.Add(Effect(100));
                changes.Messages.Add(Message("before"));
            })]);
            write(store);
            return JsonSerializer.Serialize(new
            {
                Workflow = store.ReadWorkflow("w"),
                Tasks = store.ReadTasks("w"),
                Logs = store.ReadTaskLogs("t"),
                Snapshot = store.ReadSnapshot("s")?.Definition.Name,
                Outbox = store.ReadOutbox(),
                Messages = store.ReadMessages("w"),
                Documents = store.ReadDocuments(),
                Events = store.HasEventExecution("h", "e", "m_0"),
                Schedules = store.ReadScheduleExecutions(null, 0, 10),
                Ended = store.FindEnded(10, 10),
            });
        }
        finally
        {
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    [Fact]
    public void A_whole_run_in_one_transaction()
    {
        var apart = Written(Path.Combine(_folder.FullName, "apart"), store => Commits().ForEach(commit => store.Write([commit])));
        var merged = CommitMerge.Merge(Commits());
        Assert.Single(merged);
        Assert.Equal(apart, Written(Path.Combine(_folder.FullName, "merged"), store => store.Write(merged)));
        Assert.Contains("\"Id\":2", apart, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Id\":1,", apart, StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_of_rows_that_are_on_disk()
    {
        var apart = Written(Path.Combine(_folder.FullName, "apart"), store => Commits().ForEach(commit => store.Write([commit])));
        Assert.Equal(apart, Written(Path.Combine(_folder.FullName, "merged"), store =>
        {
            store.Write([Commits()[0]]);
            store.Write(CommitMerge.Merge([.. Commits().Skip(1)]));
        }));
    }

    [Fact]
    public void What_never_was_on_disk_is_not_deleted_there()
    {
        var merged = CommitMerge.Merge(Commits())[0];
        Assert.Equal([100], merged.DeletedOutbox);
        Assert.Equal(["before"], merged.DeletedMessages);
    }

    [Fact]
    public void Commits_with_deletions_keep_their_order()
    {
        List<StoreChanges> commits = [Commit(changes => changes.Workflows.Add(new(Flow, true, Everything))), Commit(changes => changes.DeletedWorkflows.Add("w"))];
        var written = Written(Path.Combine(_folder.FullName, "deleted"), store => store.Write(CommitMerge.Merge(commits)));
        Assert.Contains("\"Workflow\":null", written, StringComparison.Ordinal);
    }
}
