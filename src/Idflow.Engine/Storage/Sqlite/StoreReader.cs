using System.Text.Json.Nodes;
using Idflow.Engine.State;
using Idflow.Engine.Storage.Payloads;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>Reads over one connection.</summary>
/// <param name="files">Payloads that are files; null for reads that need none.</param>
internal sealed class StoreReader(Database database, PayloadFiles? files)
{
    private const string TaskColumns = $"""
        SELECT {TaskCodec.Columns},
          coalesce(t.input, (SELECT data FROM task_payload WHERE owner = t.seq AND part = 1)),
          coalesce(t.output, (SELECT data FROM task_payload WHERE owner = t.seq AND part = 2))
        FROM task t
        """;

    private const string WorkflowSql = $"""
        SELECT {WorkflowCodec.Columns},
          coalesce(w.input, (SELECT data FROM workflow_payload WHERE owner = w.seq AND part = 1)),
          coalesce(w.output, (SELECT data FROM workflow_payload WHERE owner = w.seq AND part = 2)),
          coalesce(w.variables, (SELECT data FROM workflow_payload WHERE owner = w.seq AND part = 4))
        FROM workflow w WHERE w.id = ?
        """;

    public WorkflowRow? Workflow(string id) => database.Sql(WorkflowSql).Bind(id).First(row => WorkflowCodec.Decode(row) with
    {
        Input = Payload(row.Bytes(15)),
        Output = Payload(row.Bytes(16)),
        Variables = Payload(row.Bytes(17)),
    });

    public IReadOnlyList<TaskRow> Tasks(string workflowId) =>
        database.Sql($"{TaskColumns} WHERE t.workflow = ? ORDER BY t.position, t.seq").Bind(workflowId).Rows(Task);

    public TaskRow? Task(string id) => database.Sql($"{TaskColumns} WHERE t.id = ?").Bind(id).First(Task);

    private TaskRow Task(Statement row) => TaskCodec.Decode(row) with
    {
        Input = Payload(row.Bytes(13)),
        Output = Payload(row.Bytes(14)),
    };

    private JsonObject Payload(ReadOnlySpan<byte> blob) => RowCodec.DecodePayload(PayloadReference.NameIn(blob) is { } name ? files!.Read(name) : blob);

    /// <summary>The names of all payload files that a row names.</summary>
    public HashSet<string> PayloadFileNames() =>
    [
        .. Names("workflow_payload"),
        .. Names("task_payload"),
    ];

    private List<string> Names(string table) =>
        database.Sql($"SELECT data FROM {table} WHERE substr(data, 1, 1) = x'F1'").Rows(row => PayloadReference.NameIn(row.Bytes(0))!);

    public SnapshotRow? Snapshot(string id) =>
        database.Sql("SELECT data FROM snapshot WHERE id = ?").Bind(id).First(row => new SnapshotRow(id, RowCodec.DecodeDefinition(row.Bytes(0))));

    public IReadOnlyList<TaskLogRow> Logs(string taskId) =>
        database.Sql("SELECT workflow, line, created FROM task_log WHERE task = ? ORDER BY seq").Bind(taskId)
            .Rows(row => new TaskLogRow(taskId, row.Text(0)!, row.Text(1)!, row.Number(2)));

    public void Open(IOpenExecutions into) =>
        database.Sql($"SELECT {WorkflowCodec.Columns} FROM workflow w WHERE w.status IN ('RUNNING', 'PAUSED') AND w.archived = 0 ORDER BY w.status, w.created").ForEach(row =>
        {
            var id = row.Text(1)!;
            if (TryDecode(id, into, () => into.Add(WorkflowCodec.Decode(row))))
            {
                database.Sql($"SELECT {TaskCodec.Columns} FROM task t WHERE t.workflow = ? AND t.open IS NOT NULL ORDER BY t.position")
                    .Bind(id).ForEach(task => TryDecode(id, into, () => into.Add(TaskCodec.Decode(task))));
            }

            return true;
        });

    /// <summary>One row that cannot be read does not hide the others.</summary>
    private static bool TryDecode(string workflowId, IOpenExecutions into, Action decode)
    {
        try
        {
            decode();
            return true;
        }
        catch (Exception error) when (error is not (EngineStoreException { IsCorrupt: true } or OperationCanceledException))
        {
            into.Unreadable(workflowId, error);
            return false;
        }
    }

    public IReadOnlyList<MessageRow> Messages(string workflowId) =>
        database.Sql("SELECT data FROM workflow_message WHERE workflow = ? ORDER BY seq").Bind(workflowId).Rows(row => RowCodec.Decode<MessageRow>(row.Bytes(0)));

    public IReadOnlyList<OutboxRow> Outbox() => database.Sql("SELECT data FROM outbox ORDER BY id").Rows(row => RowCodec.Decode<OutboxRow>(row.Bytes(0)));

    public IReadOnlyList<DocumentRow> Documents() =>
        database.Sql("SELECT kind, name, version, data FROM document ORDER BY kind, name, version").Rows(row =>
            new DocumentRow((DocumentKind)row.Number(0), row.Text(1)!, (int)row.Number(2), System.Text.Encoding.UTF8.GetString(BlobCodec.Decode(row.Bytes(3)))));

    public bool HasEventExecution(string handler, string @event, string id) =>
        database.Sql("SELECT 1 FROM event_execution WHERE handler = ? AND event = ? AND id = ?").Bind(handler).Bind(@event).Bind(id).First(_ => true);

    public IReadOnlyList<ScheduleExecutionRow> ScheduleExecutions(string? schedule, int start, int count) => schedule is null
        ? database.Sql("SELECT data FROM schedule_execution ORDER BY seq DESC LIMIT ? OFFSET ?").Bind(count).Bind(start).Rows(ScheduleExecution)
        : database.Sql("SELECT data FROM schedule_execution WHERE schedule = ? ORDER BY seq DESC LIMIT ? OFFSET ?").Bind(schedule).Bind(count).Bind(start).Rows(ScheduleExecution);

    private static ScheduleExecutionRow ScheduleExecution(Statement row) => RowCodec.Decode<ScheduleExecutionRow>(row.Bytes(0));

    public IReadOnlyList<string> IdsByCorrelation(string name, string correlationId, bool openOnly) =>
        database.Sql($"SELECT id FROM workflow WHERE correlation = ? AND name = ?{(openOnly ? " AND status = 'RUNNING'" : "")} ORDER BY created, seq")
            .Bind(correlationId).Bind(name).Rows(row => row.Text(0)!);

    public IReadOnlyList<string> IdsByName(string name, int? version, long? createdFrom, long? createdTo)
    {
        var inTime = createdFrom is not null && createdTo is not null;
        var sql = $"SELECT id FROM workflow WHERE name = ?{(version is null ? "" : " AND version = ?")}{(inTime ? " AND created BETWEEN ? AND ?" : " AND status IN ('RUNNING', 'PAUSED')")} ORDER BY created, seq";
        var statement = database.Sql(sql).Bind(name);
        if (version is { } wanted)
        {
            statement.Bind(wanted);
        }

        if (inTime)
        {
            statement.Bind(createdFrom!.Value).Bind(createdTo!.Value);
        }

        return statement.Rows(row => row.Text(0)!);
    }

    public string? IdByIdempotencyKey(string name, string key) =>
        database.Sql("SELECT id FROM workflow WHERE name = ? AND idempotency = ? ORDER BY created DESC, seq DESC LIMIT 1").Bind(name).Bind(key).First(row => row.Text(0));

    public IReadOnlyList<string> EndedIds(long until, int most) => database.Sql("""
        SELECT id FROM workflow w WHERE ended > 0 AND ended <= ? AND (parent IS NULL OR NOT EXISTS (SELECT 1 FROM workflow p WHERE p.id = w.parent))
        ORDER BY ended LIMIT ?
        """).Bind(until).Bind(most).Rows(row => row.Text(0)!);

    public IReadOnlyList<string> UnusedSnapshots(int most) => database.Sql("SELECT id FROM snapshot s WHERE NOT EXISTS (SELECT 1 FROM workflow WHERE snapshot = s.id) LIMIT ?")
        .Bind(most).Rows(row => row.Text(0)!);

    public IReadOnlyList<EventExecutionKey> EventExecutions(long until, int most) => database.Sql("SELECT handler, event, id FROM event_execution WHERE created <= ? LIMIT ?")
        .Bind(until).Bind(most).Rows(row => new EventExecutionKey(row.Text(0)!, row.Text(1)!, row.Text(2)!));

    public IReadOnlyList<string> ScheduleExecutionsBeyond(int kept, int most) => database.Sql("""
        SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY schedule ORDER BY seq DESC) AS place FROM schedule_execution) WHERE place > ? LIMIT ?
        """).Bind(kept).Bind(most).Rows(row => row.Text(0)!);
}
