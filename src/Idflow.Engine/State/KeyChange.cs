namespace Idflow.Engine.State;

/// <summary>Whether two forms of a row differ in what a store has indexes over, which it may then leave alone.</summary>
internal static class KeyChange
{
    public static RowParts Between(WorkflowRow old, WorkflowRow row) => Status(old.Status == row.Status && old.EndTime == row.EndTime) | Keys(
        old.Name == row.Name && old.Version == row.Version && old.CorrelationId == row.CorrelationId && old.IdempotencyKey == row.IdempotencyKey
        && old.ParentWorkflowId == row.ParentWorkflowId && old.Priority == row.Priority && old.CreateTime == row.CreateTime && old.Archived == row.Archived
        && old.SnapshotId == row.SnapshotId && old.Classifier == row.Classifier);

    public static RowParts Between(TaskRow old, TaskRow row) => Status(old.IsTerminal == row.IsTerminal) | Keys(
        old.WorkflowId == row.WorkflowId && old.Seq == row.Seq && old.TaskType == row.TaskType && old.TaskDefName == row.TaskDefName
        && old.WorkflowType == row.WorkflowType && old.ScheduledTime == row.ScheduledTime);

    private static RowParts Status(bool same) => same ? RowParts.State : RowParts.Status;

    private static RowParts Keys(bool same) => same ? RowParts.State : RowParts.Keys;
}
