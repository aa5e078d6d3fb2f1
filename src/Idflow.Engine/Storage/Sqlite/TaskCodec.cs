using System.Text.Json;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>
/// A task's <c>state</c> blob: what neither a column nor a payload holds. Field numbers are never used again for something else. A new
/// property of <see cref="TaskRow"/> takes the next number, here in both directions.
/// </summary>
internal static class TaskCodec
{
    /// <summary>The columns that <see cref="Decode"/> reads, in its order.</summary>
    public const string Columns = "t.state, t.id, t.workflow, t.position, t.type, t.definition, t.workflow_name, t.status, t.scheduled, t.started, t.ended, t.updated, t.reason";

    public static ReadOnlySpan<byte> Encode(FieldWriter writer, TaskRow row)
    {
        writer.Start(BlobCodec.Fields)
            .Text(1, row.ReferenceName).Number(2, row.Iteration).Text(3, row.Loop).Number(4, row.RetryCount).Number(5, row.PollCount)
            .Text(6, row.WorkerId).Text(7, row.CorrelationId).Text(8, row.Domain).Number(9, row.FirstScheduledTime).Number(10, row.DueTime)
            .Number(11, row.StartDelaySeconds).Number(12, row.CallbackAfterSeconds).Number(13, row.ResponseTimeoutSeconds)
            .Flag(14, row.Retried).Flag(15, row.Executed).Flag(16, row.SubworkflowChanged).Text(17, row.RetriedTaskId).Text(18, row.SubWorkflowId)
            .Text(19, row.ParentTaskId).Flag(20, row.EntryIsOwn).Number(22, row.WorkflowPriority).Number(23, row.RateLimitPerFrequency)
            .Number(24, row.RateLimitFrequencyInSeconds).Text(25, row.IsolationGroupId).Text(26, row.ExecutionNameSpace)
            .Text(27, row.ExternalInputPath).Text(28, row.ExternalOutputPath).Flag(29, row.EntryIsData).Flag(30, row.OutputDropped);
        if (row is { EntryIsOwn: true, Entry: { } entry })
        {
            writer.Bytes(21, ConductorJson.SerializeToUtf8Bytes(entry));
        }

        return writer.Written;
    }

    /// <summary>The row without its payloads.</summary>
    /// <param name="row">Its first columns are <see cref="Columns"/>.</param>
    public static TaskRow Decode(Statement row)
    {
        var state = row.Bytes(0);
        if (!BlobCodec.HasFields(state))
        {
            return RowCodec.Decode<TaskRow>(state);
        }

        var fields = new FieldReader(state);
        return new TaskRow
        {
            TaskId = row.Text(1)!,
            WorkflowId = row.Text(2)!,
            Seq = (int)row.Number(3),
            TaskType = row.Text(4)!,
            TaskDefName = row.Text(5)!,
            WorkflowType = row.Text(6)!,
            Status = StatusNames<TaskExecutionStatus>.Parse(row.Text(7)!),
            ScheduledTime = row.Number(8),
            StartTime = row.Number(9),
            EndTime = row.Number(10),
            UpdateTime = row.Number(11),
            Reason = row.Text(12),
            ReferenceName = fields.Text(1)!,
            Iteration = fields.Int(2),
            Loop = fields.Text(3),
            RetryCount = fields.Int(4),
            PollCount = fields.Int(5),
            WorkerId = fields.Text(6),
            CorrelationId = fields.Text(7),
            Domain = fields.Text(8),
            FirstScheduledTime = fields.Number(9),
            DueTime = fields.Number(10),
            StartDelaySeconds = fields.Int(11),
            CallbackAfterSeconds = fields.Number(12),
            ResponseTimeoutSeconds = fields.Number(13),
            Retried = fields.Flag(14),
            Executed = fields.Flag(15),
            SubworkflowChanged = fields.Flag(16),
            RetriedTaskId = fields.Text(17),
            SubWorkflowId = fields.Text(18),
            ParentTaskId = fields.Text(19),
            EntryIsOwn = fields.Flag(20),
            Entry = fields.Has(21) ? JsonSerializer.Deserialize<WorkflowTask>(fields.Bytes(21), ConductorJson.Wire) : null,
            WorkflowPriority = fields.Int(22),
            RateLimitPerFrequency = fields.Int(23),
            RateLimitFrequencyInSeconds = fields.Int(24),
            IsolationGroupId = fields.Text(25),
            ExecutionNameSpace = fields.Text(26),
            ExternalInputPath = fields.Text(27),
            ExternalOutputPath = fields.Text(28),
            EntryIsData = fields.Flag(29),
            OutputDropped = fields.Flag(30),
        };
    }
}
