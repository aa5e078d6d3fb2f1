using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Tests.Support;

/// <summary>A disk that outlives engines, and fails when it is told to: from one write on (the process dies there), or now and then.</summary>
internal sealed class FaultyStore(IEngineStore disk) : IEngineStore
{
    private int _writes;

    /// <summary>Transactions tried so far.</summary>
    public int Writes => _writes;

    /// <summary>The write before which the process dies; nothing after it reaches the disk.</summary>
    public int DiesAt { get; init; } = int.MaxValue;

    /// <summary>The write at which the process died has been tried.</summary>
    public bool IsDead => _writes >= DiesAt;

    /// <summary>Whether the write with that number fails without being done.</summary>
    public Func<int, bool> FailsAt { get; init; } = static _ => false;

    /// <summary>Whether a write with that content fails without being done.</summary>
    public Func<IReadOnlyList<StoreChanges>, bool> Refuses { get; init; } = static _ => false;

    /// <summary>Takes the place of the write: gets what is to be written, and the disk.</summary>
    public Action<IReadOnlyList<StoreChanges>, IEngineStore>? Instead { get; init; }

    public void Write(IReadOnlyList<StoreChanges> commits)
    {
        if (Instead is not null)
        {
            Instead(commits, disk);
            return;
        }
        var number = Interlocked.Increment(ref _writes);
        if (number >= DiesAt || FailsAt(number) || Refuses(commits))
        {
            throw new IOException($"write {number} failed on purpose");
        }
        disk.Write(commits);
    }

    public IReadOnlyList<string> FindEnded(long until, int most) => disk.FindEnded(until, most);

    public IReadOnlyList<string> FindUnusedSnapshots(int most) => disk.FindUnusedSnapshots(most);

    public IReadOnlyList<EventExecutionKey> FindEventExecutions(long until, int most) => disk.FindEventExecutions(until, most);

    public IReadOnlyList<string> FindScheduleExecutionsBeyond(int kept, int most) => disk.FindScheduleExecutionsBeyond(kept, most);

    public int CollectPayloadFiles() => disk.CollectPayloadFiles();

    public WorkflowRow? ReadWorkflow(string workflowId) => disk.ReadWorkflow(workflowId);

    public IReadOnlyList<TaskRow> ReadTasks(string workflowId) => disk.ReadTasks(workflowId);

    public TaskRow? ReadTask(string taskId) => disk.ReadTask(taskId);

    public SnapshotRow? ReadSnapshot(string snapshotId) => disk.ReadSnapshot(snapshotId);

    public IReadOnlyList<TaskLogRow> ReadTaskLogs(string taskId) => disk.ReadTaskLogs(taskId);

    public void ReadOpen(IOpenExecutions into) => disk.ReadOpen(into);

    public IReadOnlyList<MessageRow> ReadMessages(string workflowId) => disk.ReadMessages(workflowId);

    public IReadOnlyList<OutboxRow> ReadOutbox() => disk.ReadOutbox();

    public SearchPage SearchWorkflows(SearchCriteria criteria) => disk.SearchWorkflows(criteria);

    public SearchPage SearchTasks(SearchCriteria criteria) => disk.SearchTasks(criteria);

    public IReadOnlyList<string> FindByCorrelationId(string name, string correlationId, bool openOnly) => disk.FindByCorrelationId(name, correlationId, openOnly);

    public IReadOnlyList<string> FindByName(string name, int? version, long? createdFrom, long? createdTo) => disk.FindByName(name, version, createdFrom, createdTo);

    public string? FindByIdempotencyKey(string name, string key) => disk.FindByIdempotencyKey(name, key);

    public IReadOnlyList<DocumentRow> ReadDocuments() => disk.ReadDocuments();

    public bool HasEventExecution(string handler, string @event, string id) => disk.HasEventExecution(handler, @event, id);

    public IReadOnlyList<ScheduleExecutionRow> ReadScheduleExecutions(string? schedule, int start, int count) => disk.ReadScheduleExecutions(schedule, start, count);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
