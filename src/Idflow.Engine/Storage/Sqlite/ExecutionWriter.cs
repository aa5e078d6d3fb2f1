using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage.Payloads;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>
/// Writes workflows and tasks. A row that is there is updated in what changes in the course of a run, so that the indexes over the
/// rest are left alone. OR FAIL because a transaction whose statement fails is abandoned as a whole: without it, and with the triggers of the
/// tables, SQLite would copy every page before each statement to be able to undo it alone.
/// </summary>
internal sealed class ExecutionWriter(Database database, PayloadFiles files)
{
    private const string NewWorkflow = """
        INSERT OR FAIL INTO workflow
          (id, name, version, correlation, idempotency, parent, priority, created, archived, snapshot, classifier, updated, reason, state, status, ended, input, output, variables)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
        """;

    private const string WorkflowKeys = """
        UPDATE workflow SET name = ?2, version = ?3, correlation = ?4, idempotency = ?5, parent = ?6, priority = ?7, created = ?8, archived = ?9, snapshot = ?10, classifier = ?11
        WHERE id = ?1
        """;

    private const string NewTask = """
        INSERT OR FAIL INTO task (id, workflow, position, type, definition, workflow_name, scheduled, status, started, ended, updated, reason, state, open, input, output)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
        """;

    private const string TaskKeys = """
        UPDATE task SET workflow = ?2, position = ?3, type = ?4, definition = ?5, workflow_name = ?6, scheduled = ?7 WHERE id = ?1
        """;

    private const RowParts Columns = RowParts.Status | RowParts.All;

    private static readonly string[] WorkflowUpdates = Updates("workflow", "updated = ?, reason = ?, state = ?", ", status = ?, ended = ?");
    private static readonly string[] TaskUpdates = Updates("task", "status = ?, started = ?, ended = ?, updated = ?, reason = ?, state = ?", ", open = ?");

    private readonly FieldWriter _fields = new();
    private readonly PayloadWriter _workflowPayloads = new(database, files, "workflow");
    private readonly PayloadWriter _taskPayloads = new(database, files, "task");

    public void Put(WorkflowWrite write)
    {
        if (write.IsNew ? !Insert(write.Row) : !Update(write) && !Insert(write.Row))
        {
            Update(write with { Parts = RowParts.Keys | Columns });
        }

        _workflowPayloads.WriteLarge(write.Row.WorkflowId);
    }

    public void Put(TaskWrite write)
    {
        if (write.IsNew ? !Insert(write.Row) : !Update(write) && !Insert(write.Row))
        {
            Update(write with { Parts = RowParts.Keys | Columns });
        }

        _taskPayloads.WriteLarge(write.Row.TaskId);
    }

    /// <returns>False when the row is there already.</returns>
    private bool Insert(WorkflowRow row)
    {
        var insert = Keys(database.Sql(NewWorkflow), row);
        Progress(insert, row);
        Status(insert, row);
        _workflowPayloads.Bind(insert, RowParts.Input, row.Input);
        _workflowPayloads.Bind(insert, RowParts.Output, row.Output);
        _workflowPayloads.Bind(insert, RowParts.Variables, row.Variables);
        insert.Run();
        return database.ChangedRows > 0;
    }

    /// <returns>False when the row is there already.</returns>
    private bool Insert(TaskRow row)
    {
        var insert = Keys(database.Sql(NewTask), row);
        Progress(insert, row);
        Status(insert, row);
        _taskPayloads.Bind(insert, RowParts.Input, row.Input);
        _taskPayloads.Bind(insert, RowParts.Output, row.Output);
        insert.Run();
        return database.ChangedRows > 0;
    }

    /// <returns>False when there is no such row.</returns>
    private bool Update(WorkflowWrite write)
    {
        var row = write.Row;
        if ((write.Parts & RowParts.Keys) != 0)
        {
            Keys(database.Sql(WorkflowKeys), row).Run();
        }

        var payloads = write.Parts & RowParts.All;
        var status = write.Parts & RowParts.Status;
        var update = database.Sql(WorkflowUpdates[(int)(status | payloads)]);
        Progress(update, row);
        if (status != 0)
        {
            Status(update, row);
        }

        _workflowPayloads.Bind(update, payloads & RowParts.Input, row.Input);
        _workflowPayloads.Bind(update, payloads & RowParts.Output, row.Output);
        _workflowPayloads.Bind(update, payloads & RowParts.Variables, row.Variables);
        update.Bind(row.WorkflowId).Run();
        return database.ChangedRows > 0;
    }

    /// <returns>False when there is no such row.</returns>
    private bool Update(TaskWrite write)
    {
        var row = write.Row;
        if ((write.Parts & RowParts.Keys) != 0)
        {
            Keys(database.Sql(TaskKeys), row).Run();
        }

        var payloads = write.Parts & (RowParts.Input | RowParts.Output);
        var status = write.Parts & RowParts.Status;
        var update = database.Sql(TaskUpdates[(int)(status | payloads)]);
        Progress(update, row);
        if (status != 0)
        {
            Status(update, row);
        }

        _taskPayloads.Bind(update, payloads & RowParts.Input, row.Input);
        _taskPayloads.Bind(update, payloads & RowParts.Output, row.Output);
        update.Bind(row.TaskId).Run();
        return database.ChangedRows > 0;
    }

    private static Statement Keys(Statement statement, WorkflowRow row) => statement
        .Bind(row.WorkflowId).Bind(row.Name).Bind(row.Version).Bind(row.CorrelationId).Bind(row.IdempotencyKey).Bind(row.ParentWorkflowId)
        .Bind(row.Priority).Bind(row.CreateTime).Bind(row.Archived).Bind(row.SnapshotId).Bind(row.Classifier);

    private static Statement Keys(Statement statement, TaskRow row) => statement
        .Bind(row.TaskId).Bind(row.WorkflowId).Bind(row.Seq).Bind(row.TaskType).Bind(row.TaskDefName).Bind(row.WorkflowType).Bind(row.ScheduledTime);

    private void Progress(Statement statement, WorkflowRow row) => statement.Bind(row.UpdateTime).Bind(row.Reason).Bind(WorkflowCodec.Encode(_fields, row));

    private void Progress(Statement statement, TaskRow row) => statement
        .Bind(StatusNames<TaskExecutionStatus>.Of(row.Status)).Bind(row.StartTime).Bind(row.EndTime).Bind(row.UpdateTime).Bind(row.Reason).Bind(TaskCodec.Encode(_fields, row));

    private static void Status(Statement statement, WorkflowRow row) => statement.Bind(StatusNames<WorkflowStatus>.Of(row.Status)).Bind(row.EndTime);

    private static void Status(Statement statement, TaskRow row) => _ = row.IsTerminal ? statement.Bind((string?)null) : statement.Bind(1);

    /// <summary>One statement for each set of parts that may be written with the rest, by the number of the set.</summary>
    private static string[] Updates(string table, string columns, string status) => [.. Enumerable.Range(0, (int)Columns + 1).Select(parts =>
        $"UPDATE OR FAIL {table} SET {columns}{Part(parts, RowParts.Status, status)}{Part(parts, RowParts.Input, ", input = ?")}{Part(parts, RowParts.Output, ", output = ?")}"
        + $"{Part(parts, RowParts.Variables, ", variables = ?")} WHERE id = ?")];

    private static string Part(int parts, RowParts part, string text) => ((RowParts)parts & part) == 0 ? "" : text;
}
