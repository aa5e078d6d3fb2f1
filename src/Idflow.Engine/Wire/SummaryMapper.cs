using System.Globalization;
using Idflow.Conductor.Model;
using Idflow.Engine.Definitions;
using Idflow.Engine.Expressions;
using Idflow.Engine.State;

namespace Idflow.Engine.Wire;

/// <summary>Rows as search results show them: payloads as text, times as ISO text in UTC.</summary>
internal static class SummaryMapper
{
    public static WorkflowSummary ToSummary(WorkflowRow row)
    {
        var input = row.ExternalInputPath is null ? JavaText.Of(row.Input) : "";
        var output = row.ExternalOutputPath is null ? JavaText.Of(row.Output) : "";
        return new WorkflowSummary
        {
            WorkflowType = row.Name,
            Version = row.Version,
            WorkflowId = row.WorkflowId,
            CorrelationId = row.CorrelationId,
            StartTime = Iso(row.CreateTime),
            UpdateTime = Iso(row.UpdateTime),
            EndTime = row.EndTime == 0 ? null : Iso(row.EndTime),
            Status = row.Status,
            Input = input,
            Output = output,
            InputSize = input.Length,
            OutputSize = output.Length,
            ReasonForIncompletion = row.Reason,
            ExecutionTime = row.EndTime == 0 ? 0 : row.EndTime - row.CreateTime,
            Event = row.Event,
            FailedReferenceTaskNames = string.Join(',', row.FailedReferenceNames),
            FailedTaskNames = row.FailedTaskNames,
            Priority = row.Priority,
            CreatedBy = row.CreatedBy,
            TaskToDomain = (System.Text.Json.Nodes.JsonObject)row.TaskToDomain.DeepClone(),
            IdempotencyKey = row.IdempotencyKey,
            ParentWorkflowId = row.ParentWorkflowId ?? "",
            Classifier = row.Classifier ?? Classifier.Default,
            ExternalInputPayloadStoragePath = row.ExternalInputPath,
            ExternalOutputPayloadStoragePath = row.ExternalOutputPath,
        };
    }

    public static TaskSummary ToSummary(TaskRow row) => new()
    {
        TaskId = row.TaskId,
        TaskType = row.TaskType,
        TaskDefName = row.TaskDefName,
        TaskReferenceName = row.ReferenceName,
        WorkflowId = row.WorkflowId,
        WorkflowType = row.WorkflowType,
        CorrelationId = row.CorrelationId,
        ScheduledTime = Iso(row.ScheduledTime),
        StartTime = Iso(row.StartTime),
        UpdateTime = Iso(row.UpdateTime),
        EndTime = Iso(row.EndTime),
        Status = row.Status,
        ReasonForIncompletion = row.Reason,
        ExecutionTime = row.EndTime == 0 || row.StartTime == 0 ? 0 : row.EndTime - row.StartTime,
        QueueWaitTime = row.StartTime == 0 ? 0 : Math.Max(0, row.StartTime - row.ScheduledTime),
        Input = row.ExternalInputPath is null ? JavaText.Of(row.Input) : "",
        Output = row.ExternalOutputPath is null ? JavaText.Of(row.Output) : "",
        ExternalInputPayloadStoragePath = row.ExternalInputPath,
        ExternalOutputPayloadStoragePath = row.ExternalOutputPath,
        WorkflowPriority = row.WorkflowPriority,
        Domain = row.Domain,
    };

    /// <summary>A time that is not set is the beginning of 1970, as clients know it of tasks.</summary>
    private static string Iso(long time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
