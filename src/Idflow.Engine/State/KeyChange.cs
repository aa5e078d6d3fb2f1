namespace Idflow.Engine.State;

/// <summary>Whether two forms of a row differ in what stays the same in the course of most runs, which a store may then leave alone.</summary>
internal static class KeyChange
{
    public static RowParts Between(WorkflowRow old, WorkflowRow row) =>
        old.Name == row.Name && old.Version == row.Version && old.CorrelationId == row.CorrelationId && old.IdempotencyKey == row.IdempotencyKey
        && old.ParentWorkflowId == row.ParentWorkflowId && old.Priority == row.Priority && old.CreateTime == row.CreateTime && old.Archived == row.Archived
        && old.SnapshotId == row.SnapshotId && old.Classifier == row.Classifier
            ? RowParts.State : RowParts.Keys;

    public static RowParts Between(TaskRow old, TaskRow row) =>
        old.WorkflowId == row.WorkflowId && old.Seq == row.Seq && old.TaskType == row.TaskType && old.TaskDefName == row.TaskDefName
        && old.WorkflowType == row.WorkflowType && old.ScheduledTime == row.ScheduledTime
            ? RowParts.State : RowParts.Keys;
}
