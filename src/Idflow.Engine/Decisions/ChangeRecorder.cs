using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>Collects what a decision changes: each row once, in its last form, with the payloads that differ.</summary>
internal sealed class ChangeRecorder
{
    private readonly Dictionary<string, TaskWrite> _tasks = [];
    private WorkflowWrite? _workflow;
    private List<string>? _deleted;
    private List<OutboxRow>? _effects;

    public bool IsEmpty => _tasks.Count == 0 && _workflow is null && _deleted is null && _effects is null;

    public void Workflow(WorkflowRow? old, WorkflowRow row)
    {
        var parts = old is null ? RowParts.All
            : (ReferenceEquals(old.Input, row.Input) ? 0 : RowParts.Input)
            | (ReferenceEquals(old.Output, row.Output) ? 0 : RowParts.Output)
            | (ReferenceEquals(old.Variables, row.Variables) ? 0 : RowParts.Variables);
        _workflow = new WorkflowWrite(row, old is null || _workflow is { IsNew: true }, parts | (_workflow?.Parts ?? 0));
    }

    public void Task(TaskRow? old, TaskRow row)
    {
        var parts = old is null ? RowParts.Input | RowParts.Output
            : (ReferenceEquals(old.Input, row.Input) ? 0 : RowParts.Input) | (ReferenceEquals(old.Output, row.Output) ? 0 : RowParts.Output);
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

    public StoreChanges Take()
    {
        var changes = new StoreChanges();
        if (_workflow is { } workflow)
        {
            changes.Workflows.Add(workflow);
        }
        changes.Tasks.AddRange(_tasks.Values);
        changes.DeletedTasks.AddRange(_deleted ?? []);
        changes.Outbox.AddRange(_effects ?? []);
        _tasks.Clear();
        _workflow = null;
        _deleted = null;
        _effects = null;
        return changes;
    }
}
