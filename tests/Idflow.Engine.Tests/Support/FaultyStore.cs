using System.Runtime.CompilerServices;
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

    /// <summary>Called before each read, with what is read; may throw.</summary>
    public Action<string> BeforeRead { get; init; } = static _ => { };

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

    public IReadOnlyList<string> FindEnded(long until, int most) => Read(disk => disk.FindEnded(until, most));

    public IReadOnlyList<string> FindUnusedSnapshots(int most) => Read(disk => disk.FindUnusedSnapshots(most));

    public IReadOnlyList<EventExecutionKey> FindEventExecutions(long until, int most) => Read(disk => disk.FindEventExecutions(until, most));

    public IReadOnlyList<string> FindScheduleExecutionsBeyond(int kept, int most) => Read(disk => disk.FindScheduleExecutionsBeyond(kept, most));

    public int CollectPayloadFiles() => Read(disk => disk.CollectPayloadFiles());

    public WorkflowRow? ReadWorkflow(string workflowId) => Read(disk => disk.ReadWorkflow(workflowId));

    public IReadOnlyList<TaskRow> ReadTasks(string workflowId) => Read(disk => disk.ReadTasks(workflowId));

    public TaskRow? ReadTask(string taskId) => Read(disk => disk.ReadTask(taskId));

    public SnapshotRow? ReadSnapshot(string snapshotId) => Read(disk => disk.ReadSnapshot(snapshotId));

    public IReadOnlyList<TaskLogRow> ReadTaskLogs(string taskId) => Read(disk => disk.ReadTaskLogs(taskId));

    public void ReadOpen(IOpenExecutions into) => Read(disk =>
    {
        disk.ReadOpen(into);
        return true;
    });

    public IReadOnlyList<MessageRow> ReadMessages(string workflowId) => Read(disk => disk.ReadMessages(workflowId));

    public IReadOnlyList<OutboxRow> ReadOutbox() => Read(disk => disk.ReadOutbox());

    public SearchPage SearchWorkflows(SearchCriteria criteria) => Read(disk => disk.SearchWorkflows(criteria));

    public SearchPage SearchTasks(SearchCriteria criteria) => Read(disk => disk.SearchTasks(criteria));

    public IReadOnlyList<string> FindByCorrelationId(string name, string correlationId, bool openOnly) => Read(disk => disk.FindByCorrelationId(name, correlationId, openOnly));

    public IReadOnlyList<string> FindByName(string name, int? version, long? createdFrom, long? createdTo) => Read(disk => disk.FindByName(name, version, createdFrom, createdTo));

    public string? FindByIdempotencyKey(string name, string key) => Read(disk => disk.FindByIdempotencyKey(name, key));

    public IReadOnlyList<DocumentRow> ReadDocuments() => Read(disk => disk.ReadDocuments());

    public bool HasEventExecution(string handler, string @event, string id) => Read(disk => disk.HasEventExecution(handler, @event, id));

    public IReadOnlyList<ScheduleExecutionRow> ReadScheduleExecutions(string? schedule, int start, int count) => Read(disk => disk.ReadScheduleExecutions(schedule, start, count));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private T Read<T>(Func<IEngineStore, T> read, [CallerMemberName] string name = "")
    {
        BeforeRead(name);
        return read(disk);
    }
}
