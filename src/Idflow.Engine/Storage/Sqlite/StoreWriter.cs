using Idflow.Engine.State;
using Idflow.Engine.Storage.Payloads;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>Carries one commit into the tables; the caller holds the transaction.</summary>
internal sealed class StoreWriter(Database database, PayloadFiles files)
{
    private readonly ExecutionWriter _rows = new(database, files);

    public void Apply(StoreChanges commit)
    {
        Delete(commit);
        commit.Workflows.ForEach(_rows.Put);
        commit.Tasks.ForEach(_rows.Put);
        foreach (var row in commit.Snapshots)
        {
            database.Sql("INSERT INTO snapshot (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data")
                .Bind(row.SnapshotId).Bind(RowCodec.Encode(row.Definition)).Run();
        }

        foreach (var row in commit.Logs)
        {
            database.Sql("INSERT INTO task_log (task, workflow, created, line) VALUES (?, ?, ?, ?)")
                .Bind(row.TaskId).Bind(row.WorkflowId).Bind(row.CreatedTime).Bind(row.Text).Run();
        }

        foreach (var row in commit.Outbox)
        {
            database.Sql("INSERT INTO outbox (id, kind, workflow, data) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, workflow = excluded.workflow, data = excluded.data")
                .Bind(row.Id).Bind(row.Kind).Bind(row.WorkflowId).Bind(RowCodec.Encode(row)).Run();
        }

        foreach (var row in commit.Messages)
        {
            database.Sql("INSERT INTO workflow_message (id, workflow, data) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data")
                .Bind(row.Id).Bind(row.WorkflowId).Bind(RowCodec.Encode(row)).Run();
        }

        foreach (var row in commit.EventExecutions)
        {
            database.Sql("INSERT INTO event_execution (handler, event, id, created, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET created = excluded.created, data = excluded.data")
                .Bind(row.Handler).Bind(row.Event).Bind(row.Id).Bind(row.Created).Bind(RowCodec.Encode(row)).Run();
        }

        foreach (var row in commit.ScheduleExecutions)
        {
            database.Sql("INSERT INTO schedule_execution (id, schedule, data) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data")
                .Bind(row.ExecutionId).Bind(row.Schedule).Bind(RowCodec.Encode(row)).Run();
        }

        foreach (var row in commit.Documents)
        {
            database.Sql("INSERT INTO document (kind, name, version, data) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET data = excluded.data")
                .Bind((long)row.Kind).Bind(row.Name).Bind(row.Version).Bind(BlobCodec.Encode(row.Json)).Run();
        }
    }

    private void Delete(StoreChanges commit)
    {
        foreach (var id in commit.DeletedWorkflows)
        {
            database.Sql("DELETE FROM task_payload WHERE owner IN (SELECT seq FROM task WHERE workflow = ?)").Bind(id).Run();
            database.Sql("DELETE FROM task_log WHERE task IN (SELECT id FROM task WHERE workflow = ?)").Bind(id).Run();
            database.Sql("DELETE FROM task WHERE workflow = ?").Bind(id).Run();
            database.Sql("DELETE FROM workflow_message WHERE workflow = ?").Bind(id).Run();
            database.Sql("DELETE FROM workflow_payload WHERE owner = (SELECT seq FROM workflow WHERE id = ?)").Bind(id).Run();
            database.Sql("DELETE FROM workflow WHERE id = ?").Bind(id).Run();
        }

        foreach (var id in commit.DeletedTasks)
        {
            database.Sql("DELETE FROM task_payload WHERE owner = (SELECT seq FROM task WHERE id = ?)").Bind(id).Run();
            database.Sql("DELETE FROM task_log WHERE task = ?").Bind(id).Run();
            database.Sql("DELETE FROM task WHERE id = ?").Bind(id).Run();
        }

        foreach (var id in commit.DeletedOutbox)
        {
            database.Sql("DELETE FROM outbox WHERE id = ?").Bind(id).Run();
        }

        foreach (var id in commit.DeletedMessages)
        {
            database.Sql("DELETE FROM workflow_message WHERE id = ?").Bind(id).Run();
        }

        foreach (var id in commit.DeletedSnapshots)
        {
            database.Sql("DELETE FROM snapshot WHERE id = ? AND NOT EXISTS (SELECT 1 FROM workflow WHERE snapshot = ?)").Bind(id).Bind(id).Run();
        }

        foreach (var key in commit.DeletedEventExecutions)
        {
            database.Sql("DELETE FROM event_execution WHERE handler = ? AND event = ? AND id = ?").Bind(key.Handler).Bind(key.Event).Bind(key.Id).Run();
        }

        foreach (var id in commit.DeletedScheduleExecutions)
        {
            database.Sql("DELETE FROM schedule_execution WHERE id = ?").Bind(id).Run();
        }

        foreach (var (kind, name, version) in commit.DeletedDocuments)
        {
            database.Sql("DELETE FROM document WHERE kind = ? AND name = ? AND version = ?").Bind((long)kind).Bind(name).Bind(version).Run();
        }
    }
}
