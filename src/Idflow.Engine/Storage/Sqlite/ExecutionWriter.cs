using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage.Payloads;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>
/// Writes workflows and tasks. A row that is there is updated in what changes in the course of a run, so that the indexes over the
/// rest are left alone.
/// </summary>
internal sealed class ExecutionWriter(Database database, PayloadFiles files)
{
    private const string NewWorkflow = """
        INSERT INTO workflow
          (id, name, version, correlation, idempotency, parent, priority, created, archived, snapshot, classifier, status, updated, ended, reason, state, input, output, variables)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
        ON CONFLICT (id) DO UPDATE SET name = ?2, version = ?3, correlation = ?4, idempotency = ?5, parent = ?6, priority = ?7, created = ?8, archived = ?9,
          snapshot = ?10, classifier = ?11, status = ?12, updated = ?13, ended = ?14, reason = ?15, state = ?16, input = ?17, output = ?18, variables = ?19
        """;

    private const string WorkflowKeys = """
        UPDATE workflow SET name = ?2, version = ?3, correlation = ?4, idempotency = ?5, parent = ?6, priority = ?7, created = ?8, archived = ?9, snapshot = ?10, classifier = ?11
        WHERE id = ?1
        """;

    private const string NewTask = """
        INSERT INTO task (id, workflow, position, type, definition, workflow_name, scheduled, status, started, ended, updated, reason, state, input, output)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT (id) DO UPDATE SET workflow = ?2, position = ?3, type = ?4, definition = ?5, workflow_name = ?6, scheduled = ?7,
          status = ?8, started = ?9, ended = ?10, updated = ?11, reason = ?12, state = ?13, input = ?14, output = ?15
        """;

    private const string TaskKeys = """
        UPDATE task SET workflow = ?2, position = ?3, type = ?4, definition = ?5, workflow_name = ?6, scheduled = ?7 WHERE id = ?1
        """;

    private static readonly string[] WorkflowUpdates = Updates("workflow", "status = ?, updated = ?, ended = ?, reason = ?, state = ?");
    private static readonly string[] TaskUpdates = Updates("task", "status = ?, started = ?, ended = ?, updated = ?, reason = ?, state = ?");

    private readonly FieldWriter _fields = new();
    private readonly PayloadWriter _workflowPayloads = new(database, files, "workflow");
    private readonly PayloadWriter _taskPayloads = new(database, files, "task");

    public void Put(WorkflowWrite write)
    {
        var row = write.Row;
        if (write.IsNew || !Update(write))
        {
            var insert = Keys(database.Sql(NewWorkflow), row);
            Progress(insert, row);
            _workflowPayloads.Bind(insert, RowParts.Input, row.Input);
            _workflowPayloads.Bind(insert, RowParts.Output, row.Output);
            _workflowPayloads.Bind(insert, RowParts.Variables, row.Variables);
            insert.Run();
        }

        _workflowPayloads.WriteLarge(row.WorkflowId);
    }

    public void Put(TaskWrite write)
    {
        var row = write.Row;
        if (write.IsNew || !Update(write))
        {
            var insert = Keys(database.Sql(NewTask), row);
            Progress(insert, row);
            _taskPayloads.Bind(insert, RowParts.Input, row.Input);
            _taskPayloads.Bind(insert, RowParts.Output, row.Output);
            insert.Run();
        }

        _taskPayloads.WriteLarge(row.TaskId);
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
        var update = database.Sql(WorkflowUpdates[(int)payloads]);
        Progress(update, row);
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
        var update = database.Sql(TaskUpdates[(int)payloads]);
        Progress(update, row);
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

    private void Progress(Statement statement, WorkflowRow row) => statement
        .Bind(StatusNames<WorkflowStatus>.Of(row.Status)).Bind(row.UpdateTime).Bind(row.EndTime).Bind(row.Reason).Bind(WorkflowCodec.Encode(_fields, row));

    private void Progress(Statement statement, TaskRow row) => statement
        .Bind(StatusNames<TaskExecutionStatus>.Of(row.Status)).Bind(row.StartTime).Bind(row.EndTime).Bind(row.UpdateTime).Bind(row.Reason).Bind(TaskCodec.Encode(_fields, row));

    /// <summary>One statement for each set of payloads that may be written with the rest, by the number of the set.</summary>
    private static string[] Updates(string table, string columns) => [.. Enumerable.Range(0, (int)RowParts.All + 1).Select(parts =>
        $"UPDATE {table} SET {columns}{Column(parts, RowParts.Input, "input")}{Column(parts, RowParts.Output, "output")}{Column(parts, RowParts.Variables, "variables")} WHERE id = ?")];

    private static string Column(int parts, RowParts part, string name) => ((RowParts)parts & part) == 0 ? "" : $", {name} = ?";
}
