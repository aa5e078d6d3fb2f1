using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>
/// A workflow's <c>state</c> blob: what neither a column nor a payload holds. Field numbers are never used again for something else. A new
/// property of <see cref="WorkflowRow"/> takes the next number, here in both directions.
/// </summary>
internal static class WorkflowCodec
{
    /// <summary>The columns that <see cref="Decode"/> reads, in its order.</summary>
    public const string Columns = "w.state, w.id, w.name, w.version, w.status, w.correlation, w.idempotency, w.parent, w.priority, w.created, w.updated, w.ended, w.archived, w.reason, w.classifier";

    public static ReadOnlySpan<byte> Encode(FieldWriter writer, WorkflowRow row)
    {
        writer.Start(BlobCodec.Fields)
            .Text(1, row.SnapshotId).Text(3, row.ParentWorkflowTaskId).Text(4, row.Event).Text(5, row.FailedTaskId)
            .Number(8, row.LastRetriedTime).Text(9, row.CreatedBy).Text(10, row.ExternalInputPath).Text(11, row.ExternalOutputPath);
        Json(writer, 2, row.TaskToDomain);
        Names(writer, 6, row.FailedReferenceNames);
        Names(writer, 7, row.FailedTaskNames);
        return writer.Written;
    }

    /// <summary>The row without its payloads.</summary>
    /// <param name="row">Its first columns are <see cref="Columns"/>.</param>
    public static WorkflowRow Decode(Statement row)
    {
        var state = row.Bytes(0);
        if (!BlobCodec.HasFields(state))
        {
            return RowCodec.Decode<WorkflowRow>(state) with { Classifier = row.Text(14) };
        }

        var fields = new FieldReader(state);
        return new WorkflowRow
        {
            WorkflowId = row.Text(1)!,
            Name = row.Text(2)!,
            Version = (int)row.Number(3),
            Status = StatusNames<WorkflowStatus>.Parse(row.Text(4)!),
            CorrelationId = row.Text(5),
            IdempotencyKey = row.Text(6),
            ParentWorkflowId = row.Text(7),
            Priority = (int)row.Number(8),
            CreateTime = row.Number(9),
            UpdateTime = row.Number(10),
            EndTime = row.Number(11),
            Archived = row.Number(12) != 0,
            Reason = row.Text(13),
            Classifier = row.Text(14),
            SnapshotId = fields.Text(1)!,
            TaskToDomain = fields.Has(2) ? RowCodec.ParsePayload(fields.Bytes(2)) : [],
            ParentWorkflowTaskId = fields.Text(3),
            Event = fields.Text(4),
            FailedTaskId = fields.Text(5),
            FailedReferenceNames = Names(fields, 6),
            FailedTaskNames = Names(fields, 7),
            LastRetriedTime = fields.Number(8),
            CreatedBy = fields.Text(9),
            ExternalInputPath = fields.Text(10),
            ExternalOutputPath = fields.Text(11),
        };
    }

    private static void Json(FieldWriter writer, int field, JsonObject value)
    {
        if (value.Count > 0)
        {
            writer.Bytes(field, System.Text.Encoding.UTF8.GetBytes(value.ToJsonString()));
        }
    }

    private static void Names(FieldWriter writer, int field, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
        {
            writer.Bytes(field, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(names));
        }
    }

    private static string[] Names(FieldReader fields, int field) =>
        fields.Has(field) ? System.Text.Json.JsonSerializer.Deserialize<string[]>(fields.Bytes(field))! : [];
}
