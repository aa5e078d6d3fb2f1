using Idflow.Engine.State;

namespace Idflow.Engine.Storage.Memory;

/// <summary>The store without a disk: for tests, and for engines whose work may be lost with the process.</summary>
internal sealed class InMemoryStore : IEngineStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, WorkflowRow> _workflows = [];
    private readonly Dictionary<string, TaskRow> _tasks = [];
    private readonly Dictionary<string, Dictionary<string, TaskRow>> _tasksOf = [];
    private readonly Dictionary<string, SnapshotRow> _snapshots = [];
    private readonly Dictionary<string, List<TaskLogRow>> _logs = [];
    private readonly SortedDictionary<long, OutboxRow> _outbox = [];
    private readonly List<MessageRow> _messages = [];
    private readonly Dictionary<EventExecutionKey, long> _eventExecutions = [];
    private readonly List<ScheduleExecutionRow> _scheduleExecutions = [];
    private readonly Dictionary<(DocumentKind, string, int), DocumentRow> _documents = [];

    public void Write(IReadOnlyList<StoreChanges> commits)
    {
        lock (_gate)
        {
            foreach (var commit in commits)
            {
                Delete(commit);
                Put(commit);
            }
        }
    }

    public int CollectPayloadFiles() => 0;

    private void Delete(StoreChanges commit)
    {
        foreach (var id in commit.DeletedWorkflows)
        {
            _workflows.Remove(id);
            _messages.RemoveAll(message => message.WorkflowId == id);
            if (_tasksOf.Remove(id, out var tasks))
            {
                foreach (var task in tasks.Keys)
                {
                    _tasks.Remove(task);
                    _logs.Remove(task);
                }
            }
        }
        foreach (var id in commit.DeletedTasks)
        {
            if (_tasks.Remove(id, out var task))
            {
                _tasksOf[task.WorkflowId].Remove(id);
            }
            _logs.Remove(id);
        }
        commit.DeletedOutbox.ForEach(id => _outbox.Remove(id));
        foreach (var id in commit.DeletedSnapshots.Where(id => !_workflows.Values.Any(row => row.SnapshotId == id)))
        {
            _snapshots.Remove(id);
        }
        commit.DeletedEventExecutions.ForEach(key => _eventExecutions.Remove(key));
        commit.DeletedScheduleExecutions.ForEach(id => _scheduleExecutions.RemoveAll(row => row.ExecutionId == id));
        commit.DeletedMessages.ForEach(id => _messages.RemoveAll(message => message.Id == id));
        commit.DeletedDocuments.ForEach(key => _documents.Remove(key));
    }

    private void Put(StoreChanges commit)
    {
        commit.Workflows.ForEach(write => _workflows[write.Row.WorkflowId] = write.Row);
        foreach (var (row, _, _) in commit.Tasks)
        {
            _tasks[row.TaskId] = row;
            if (!_tasksOf.TryGetValue(row.WorkflowId, out var tasks))
            {
                _tasksOf[row.WorkflowId] = tasks = [];
            }
            tasks[row.TaskId] = row;
        }
        commit.Snapshots.ForEach(row => _snapshots[row.SnapshotId] = row);
        foreach (var row in commit.Logs)
        {
            if (!_logs.TryGetValue(row.TaskId, out var lines))
            {
                _logs[row.TaskId] = lines = [];
            }
            lines.Add(row);
        }
        commit.Outbox.ForEach(row => _outbox[row.Id] = row);
        _messages.AddRange(commit.Messages);
        commit.EventExecutions.ForEach(row => _eventExecutions[new EventExecutionKey(row.Handler, row.Event, row.Id)] = row.Created);
        _scheduleExecutions.AddRange(commit.ScheduleExecutions);
        commit.Documents.ForEach(row => _documents[(row.Kind, row.Name, row.Version)] = row);
    }

    public WorkflowRow? ReadWorkflow(string workflowId) => Read(() => _workflows.GetValueOrDefault(workflowId));

    public IReadOnlyList<TaskRow> ReadTasks(string workflowId) => Read<IReadOnlyList<TaskRow>>(() =>
        _tasksOf.TryGetValue(workflowId, out var tasks) ? [.. tasks.Values.OrderBy(task => task.Seq)] : []);

    public TaskRow? ReadTask(string taskId) => Read(() => _tasks.GetValueOrDefault(taskId));

    public SnapshotRow? ReadSnapshot(string snapshotId) => Read(() => _snapshots.GetValueOrDefault(snapshotId));

    public IReadOnlyList<TaskLogRow> ReadTaskLogs(string taskId) => Read<IReadOnlyList<TaskLogRow>>(() =>
        _logs.TryGetValue(taskId, out var lines) ? [.. lines] : []);

    public void ReadOpen(IOpenExecutions into)
    {
        var open = Read<IReadOnlyList<(WorkflowRow Row, IReadOnlyList<TaskRow> Tasks)>>(() =>
        [
            .. _workflows.Values.Where(row => row is { Archived: false, Status: Conductor.Model.WorkflowStatus.RUNNING or Conductor.Model.WorkflowStatus.PAUSED })
                .OrderBy(row => (row.Status, row.CreateTime)).Select(row => (row, OpenTasks(row.WorkflowId))),
        ]);
        foreach (var (row, tasks) in open)
        {
            into.Add(row);
            foreach (var task in tasks)
            {
                into.Add(task);
            }
        }
    }

    private IReadOnlyList<TaskRow> OpenTasks(string workflowId) =>
        [.. _tasksOf.GetValueOrDefault(workflowId, []).Values.Where(task => !task.IsTerminal).OrderBy(task => task.Seq)];

    public IReadOnlyList<MessageRow> ReadMessages(string workflowId) => Read<IReadOnlyList<MessageRow>>(() => [.. _messages.Where(message => message.WorkflowId == workflowId)]);

    public IReadOnlyList<OutboxRow> ReadOutbox() => Read<IReadOnlyList<OutboxRow>>(() => [.. _outbox.Values]);

    public IReadOnlyList<DocumentRow> ReadDocuments() => Read<IReadOnlyList<DocumentRow>>(() => [.. _documents.Values]);

    public bool HasEventExecution(string handler, string @event, string id) => Read(() => _eventExecutions.ContainsKey(new EventExecutionKey(handler, @event, id)));

    public IReadOnlyList<ScheduleExecutionRow> ReadScheduleExecutions(string? schedule, int start, int count) => Read<IReadOnlyList<ScheduleExecutionRow>>(() =>
        [.. _scheduleExecutions.Where(row => schedule is null || row.Schedule == schedule).Reverse().Skip(start).Take(count)]);

    public SearchPage SearchWorkflows(SearchCriteria criteria) => Read(() =>
        InMemorySearch.Page(criteria, _workflows.Values, row => row.WorkflowId, InMemorySearch.WorkflowField, InMemorySearch.WorkflowText));

    public SearchPage SearchTasks(SearchCriteria criteria) => Read(() =>
        InMemorySearch.Page(criteria, _tasks.Values, row => row.TaskId, InMemorySearch.TaskField, InMemorySearch.TaskText));

    public IReadOnlyList<string> FindByCorrelationId(string name, string correlationId, bool openOnly) => Ids(row =>
        row.Name == name && row.CorrelationId == correlationId && (!openOnly || row.Status == Conductor.Model.WorkflowStatus.RUNNING));

    public IReadOnlyList<string> FindByName(string name, int? version, long? createdFrom, long? createdTo) => Ids(row =>
        row.Name == name && (version is null || row.Version == version)
        && (createdFrom is null || createdTo is null
            ? row.Status is Conductor.Model.WorkflowStatus.RUNNING or Conductor.Model.WorkflowStatus.PAUSED
            : row.CreateTime >= createdFrom && row.CreateTime <= createdTo));

    public string? FindByIdempotencyKey(string name, string key) => Ids(row => row.Name == name && row.IdempotencyKey == key) is [.., var last] ? last : null;

    public IReadOnlyList<string> FindEnded(long until, int most) => Read<IReadOnlyList<string>>(() =>
        [.. _workflows.Values.Where(row => row.EndTime > 0 && row.EndTime <= until && (row.ParentWorkflowId is null || !_workflows.ContainsKey(row.ParentWorkflowId)))
            .OrderBy(row => row.EndTime).Take(most).Select(row => row.WorkflowId)]);

    public IReadOnlyList<string> FindUnusedSnapshots(int most) => Read<IReadOnlyList<string>>(() =>
        [.. _snapshots.Keys.Except(_workflows.Values.Select(row => row.SnapshotId)).Take(most)]);

    public IReadOnlyList<EventExecutionKey> FindEventExecutions(long until, int most) => Read<IReadOnlyList<EventExecutionKey>>(() =>
        [.. _eventExecutions.Where(record => record.Value <= until).Select(record => record.Key).Take(most)]);

    public IReadOnlyList<string> FindScheduleExecutionsBeyond(int kept, int most) => Read<IReadOnlyList<string>>(() =>
        [.. _scheduleExecutions.GroupBy(row => row.Schedule).SelectMany(rows => rows.Reverse().Skip(kept)).Take(most).Select(row => row.ExecutionId)]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IReadOnlyList<string> Ids(Func<WorkflowRow, bool> filter) => Read<IReadOnlyList<string>>(() =>
        [.. _workflows.Values.Where(filter).OrderBy(row => row.CreateTime).Select(row => row.WorkflowId)]);

    private T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
