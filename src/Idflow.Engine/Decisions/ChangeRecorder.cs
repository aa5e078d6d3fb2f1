using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>Collects what a decision changes: each row once, in its last form, with the payloads that differ.</summary>
internal sealed class ChangeRecorder
{
    private readonly Dictionary<string, TaskWrite> _tasks = [];
    private WorkflowWrite? _workflow;
    private List<string>? _deleted;
    private List<OutboxRow>? _effects;
    private List<MessageRow>? _messages;
    private List<string>? _pulled;

    public bool IsEmpty => _tasks.Count == 0 && _workflow is null && _deleted is null && _effects is null && _messages is null && _pulled is null;

    public Dictionary<string, TaskWrite>.ValueCollection Tasks => _tasks.Values;

    public void Workflow(WorkflowRow? old, WorkflowRow row)
    {
        var parts = old is null ? RowParts.All
            : (ReferenceEquals(old.Input, row.Input) ? 0 : RowParts.Input)
            | (ReferenceEquals(old.Output, row.Output) ? 0 : RowParts.Output)
            | (ReferenceEquals(old.Variables, row.Variables) ? 0 : RowParts.Variables)
            | KeyChange.Between(old, row);
        _workflow = new WorkflowWrite(row, old is null || _workflow is { IsNew: true }, parts | (_workflow?.Parts ?? 0));
    }

    public void Task(TaskRow? old, TaskRow row)
    {
        var parts = old is null ? RowParts.Input | RowParts.Output
            : (ReferenceEquals(old.Input, row.Input) ? 0 : RowParts.Input) | (ReferenceEquals(old.Output, row.Output) ? 0 : RowParts.Output)
            | KeyChange.Between(old, row);
        var known = _tasks.TryGetValue(row.TaskId, out var write);
        _tasks[row.TaskId] = new TaskWrite(row, old is null || (known && write.IsNew), known ? parts | write.Parts : parts);
    }

    public void Deleted(string taskId)
    {
        if (!_tasks.Remove(taskId, out var write) || !write.IsNew)
        {
            (_deleted ??= []).Add(taskId);
        }
    }

    public void Emit(OutboxRow effect) => (_effects ??= []).Add(effect);

    public T? Take<T>() where T : Effect
    {
        if (_effects?.Find(row => Effect.Of(row) is T) is not { } found)
        {
            return null;
        }
        _effects.Remove(found);
        return (T)Effect.Of(found);
    }

    public void Message(MessageRow message) => (_messages ??= []).Add(message);

    public void Pulled(MessageRow message)
    {
        if (_messages?.Remove(message) != true)
        {
            (_pulled ??= []).Add(message.Id);
        }
    }

    /// <summary>Adds what was collected to a commit, and begins anew.</summary>
    public void MoveTo(StoreChanges changes)
    {
        if (_workflow is { } workflow)
        {
            changes.Workflows.Add(workflow);
        }
        changes.Tasks.AddRange(_tasks.Values);
        Move(ref _deleted, changes.DeletedTasks);
        Move(ref _effects, changes.Outbox);
        Move(ref _messages, changes.Messages);
        Move(ref _pulled, changes.DeletedMessages);
        _tasks.Clear();
        _workflow = null;
    }

    private static void Move<T>(ref List<T>? from, List<T> to)
    {
        if (from is not null)
        {
            to.AddRange(from);
            from = null;
        }
    }
}
