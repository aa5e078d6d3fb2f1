namespace Idflow.Engine.State;

/// <summary>Which payloads of a row differ from what the store holds, and whether its status and its keys do; the rest of the row is always written.</summary>
[Flags]
internal enum RowParts
{
    State = 0,
    Input = 1,
    Output = 2,
    Variables = 4,

    /// <summary>Of a workflow its status or its end, of a task whether it has ended: see <see cref="KeyChange"/>.</summary>
    Status = 8,

    /// <summary>Something that seldom changes in the course of a run: see <see cref="KeyChange"/>.</summary>
    Keys = 16,
    All = Input | Output | Variables,
}

internal readonly record struct WorkflowWrite(WorkflowRow Row, bool IsNew, RowParts Parts);

internal readonly record struct TaskWrite(TaskRow Row, bool IsNew, RowParts Parts);

/// <summary>
/// What one commit writes: all of it or nothing. Order between the lists: deletions first, then writes. A row may be written by
/// several commits of one transaction; the last one holds (its <see cref="RowParts"/> add up).
/// </summary>
internal sealed class StoreChanges
{
    public List<WorkflowWrite> Workflows { get; } = [];
    public List<TaskWrite> Tasks { get; } = [];
    public List<SnapshotRow> Snapshots { get; } = [];
    public List<TaskLogRow> Logs { get; } = [];
    public List<OutboxRow> Outbox { get; } = [];

    /// <summary>New messages of workflows, oldest first.</summary>
    public List<MessageRow> Messages { get; } = [];
    public List<EventExecutionRow> EventExecutions { get; } = [];
    public List<ScheduleExecutionRow> ScheduleExecutions { get; } = [];
    public List<DocumentRow> Documents { get; } = [];

    /// <summary>Workflows to delete with tasks, logs and messages.</summary>
    public List<string> DeletedWorkflows { get; } = [];
    public List<string> DeletedTasks { get; } = [];
    public List<long> DeletedOutbox { get; } = [];
    public List<string> DeletedMessages { get; } = [];

    /// <summary>Definitions to delete, those that no workflow uses by then.</summary>
    public List<string> DeletedSnapshots { get; } = [];
    public List<EventExecutionKey> DeletedEventExecutions { get; } = [];
    public List<string> DeletedScheduleExecutions { get; } = [];
    public List<(DocumentKind Kind, string Name, int Version)> DeletedDocuments { get; } = [];

    public bool IsEmpty => Workflows.Count + Tasks.Count + Snapshots.Count + Logs.Count + Outbox.Count + EventExecutions.Count
        + ScheduleExecutions.Count + Documents.Count + DeletedWorkflows.Count + DeletedTasks.Count + DeletedOutbox.Count + DeletedDocuments.Count
        + Messages.Count + DeletedMessages.Count + DeletedSnapshots.Count + DeletedEventExecutions.Count + DeletedScheduleExecutions.Count == 0;
}
