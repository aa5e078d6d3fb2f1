using Idflow.Engine.State;
using System.Text.Json.Nodes;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>Carries one commit into the tables; the caller holds the transaction.</summary>
internal sealed class StoreWriter(Database database)
{
    private const string WorkflowSql = """
        INSERT INTO workflow (id, name, version, status, correlation, idempotency, parent, priority, created, updated, ended, archived, reason, state, snapshot)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, version = excluded.version, status = excluded.status, correlation = excluded.correlation,
          idempotency = excluded.idempotency, parent = excluded.parent, priority = excluded.priority, created = excluded.created, updated = excluded.updated,
          ended = excluded.ended, archived = excluded.archived, reason = excluded.reason, state = excluded.state, snapshot = excluded.snapshot
        RETURNING seq
        """;

    private const string TaskSql = """
        INSERT INTO task (id, workflow, position, type, definition, workflow_name, status, scheduled, started, ended, updated, reason, state)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET workflow = excluded.workflow, position = excluded.position, type = excluded.type, definition = excluded.definition,
          workflow_name = excluded.workflow_name, status = excluded.status, scheduled = excluded.scheduled, started = excluded.started,
          ended = excluded.ended, updated = excluded.updated, reason = excluded.reason, state = excluded.state
        RETURNING seq
        """;

    public void Apply(StoreChanges commit)
    {
        Delete(commit);
        commit.Workflows.ForEach(Put);
        commit.Tasks.ForEach(Put);
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

        foreach (var (kind, name, version) in commit.DeletedDocuments)
        {
            database.Sql("DELETE FROM document WHERE kind = ? AND name = ? AND version = ?").Bind((long)kind).Bind(name).Bind(version).Run();
        }
    }

    private void Put(WorkflowWrite write)
    {
        var row = write.Row;
        var owner = database.Sql(WorkflowSql)
            .Bind(row.WorkflowId).Bind(row.Name).Bind(row.Version).Bind(row.Status.ToString()).Bind(row.CorrelationId).Bind(row.IdempotencyKey)
            .Bind(row.ParentWorkflowId).Bind(row.Priority).Bind(row.CreateTime).Bind(row.UpdateTime).Bind(row.EndTime).Bind(row.Archived)
            .Bind(row.Reason).Bind(RowCodec.Encode(row)).Bind(row.SnapshotId).First(result => result.Number(0));
        PutPayload("workflow_payload", owner, write.IsNew, write.Parts, RowParts.Input, row.Input);
        PutPayload("workflow_payload", owner, write.IsNew, write.Parts, RowParts.Output, row.Output);
        PutPayload("workflow_payload", owner, write.IsNew, write.Parts, RowParts.Variables, row.Variables);
    }

    private void Put(TaskWrite write)
    {
        var row = write.Row;
        var owner = database.Sql(TaskSql)
            .Bind(row.TaskId).Bind(row.WorkflowId).Bind(row.Seq).Bind(row.TaskType).Bind(row.TaskDefName).Bind(row.WorkflowType).Bind(row.Status.ToString())
            .Bind(row.ScheduledTime).Bind(row.StartTime).Bind(row.EndTime).Bind(row.UpdateTime).Bind(row.Reason).Bind(RowCodec.Encode(row))
            .First(result => result.Number(0));
        PutPayload("task_payload", owner, write.IsNew, write.Parts, RowParts.Input, row.Input);
        PutPayload("task_payload", owner, write.IsNew, write.Parts, RowParts.Output, row.Output);
    }

    /// <summary>An empty payload has no row.</summary>
    private void PutPayload(string table, long owner, bool isNew, RowParts written, RowParts part, JsonObject payload)
    {
        if ((written & part) == 0 && !isNew)
        {
            return;
        }

        if (payload.Count > 0)
        {
            database.Sql($"INSERT INTO {table} (owner, part, data) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET data = excluded.data")
                .Bind(owner).Bind((long)part).Bind(RowCodec.Encode(payload)).Run();
        }
        else if (!isNew)
        {
            database.Sql($"DELETE FROM {table} WHERE owner = ? AND part = ?").Bind(owner).Bind((long)part).Run();
        }
    }
}
