using Idflow.Engine.State;

namespace Idflow.Engine.Storage;

/// <summary>
/// Where the engine keeps its state. One thread writes (the commit queue of the engine, which groups what concurrent callers
/// commit); any thread reads, and a read sees every write that has returned.
/// </summary>
internal interface IEngineStore : IExecutionReader, IExecutionSearch, ICatalogueReader, IEventReader, IRetentionReader, IAsyncDisposable
{
    /// <summary>
    /// Writes all of these commits, in order, in one transaction; they are on disk when it returns. When it throws, none of
    /// them is there. Called by one thread at a time.
    /// </summary>
    void Write(IReadOnlyList<StoreChanges> commits);

    /// <summary>Deletes files of payloads that no row names any more; none while a backup is under way.</summary>
    /// <returns>How many.</returns>
    int CollectPayloadFiles();
}

/// <summary>Executions by id, and those that go on after a start of the engine.</summary>
internal interface IExecutionReader
{
    WorkflowRow? ReadWorkflow(string workflowId);

    /// <summary>Every attempt of every task, by <see cref="TaskRow.Seq"/>.</summary>
    IReadOnlyList<TaskRow> ReadTasks(string workflowId);

    TaskRow? ReadTask(string taskId);

    SnapshotRow? ReadSnapshot(string snapshotId);

    /// <summary>Oldest first.</summary>
    IReadOnlyList<TaskLogRow> ReadTaskLogs(string taskId);

    /// <summary>The workflows that are RUNNING or PAUSED, oldest first of each status, each followed by its open tasks.</summary>
    void ReadOpen(IOpenExecutions into);

    /// <summary>The messages that wait for a workflow, oldest first.</summary>
    IReadOnlyList<MessageRow> ReadMessages(string workflowId);

    /// <summary>The outbox by <see cref="OutboxRow.Id"/>.</summary>
    IReadOnlyList<OutboxRow> ReadOutbox();
}

/// <summary>Executions by anything but their id.</summary>
internal interface IExecutionSearch
{
    SearchPage SearchWorkflows(SearchCriteria criteria);

    SearchPage SearchTasks(SearchCriteria criteria);

    /// <summary>Ids by creation time, oldest first.</summary>
    /// <param name="openOnly">RUNNING only.</param>
    IReadOnlyList<string> FindByCorrelationId(string name, string correlationId, bool openOnly);

    /// <summary>Ids of the executions of a definition, oldest first; those that have not ended, or with times all that were created between them.</summary>
    IReadOnlyList<string> FindByName(string name, int? version, long? createdFrom, long? createdTo);

    /// <summary>The newest run of that definition with that key.</summary>
    string? FindByIdempotencyKey(string name, string key);
}

/// <summary>The named documents; read once, when the engine opens.</summary>
internal interface ICatalogueReader
{
    IReadOnlyList<DocumentRow> ReadDocuments();
}

internal interface IEventReader
{
    /// <summary>True when that action has an execution record for that message.</summary>
    bool HasEventExecution(string handler, string @event, string id);

    /// <summary>Newest first.</summary>
    /// <param name="schedule">Null for all schedules.</param>
    IReadOnlyList<ScheduleExecutionRow> ReadScheduleExecutions(string? schedule, int start, int count);
}

/// <summary>What may go.</summary>
internal interface IRetentionReader
{
    /// <summary>Ids of workflows that ended at or before a time, by their end; children only when the workflow that started them is gone.</summary>
    IReadOnlyList<string> FindEnded(long until, int most);

    /// <summary>Ids of definitions that no workflow uses.</summary>
    IReadOnlyList<string> FindUnusedSnapshots(int most);

    IReadOnlyList<EventExecutionKey> FindEventExecutions(long until, int most);

    /// <summary>Ids of the records beyond the newest ones of each schedule.</summary>
    IReadOnlyList<string> FindScheduleExecutionsBeyond(int kept, int most);
}
