using Idflow.Conductor.Model;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>The tasks of one workflow by what decisions ask for: by id, the latest of each reference name, those that are open.</summary>
internal sealed class TaskIndex
{
    private readonly Dictionary<string, TaskRow> _tasks = [];
    private readonly Dictionary<string, TaskRow> _latest = [];
    private readonly Dictionary<string, TaskRow> _latestOfEntry = [];
    private readonly Dictionary<string, TaskRow> _open = [];
    private readonly HashSet<string> _dynamicForks = [];

    /// <summary>In no order.</summary>
    public IReadOnlyCollection<TaskRow> All => _tasks.Values;

    public int Count => _tasks.Count;

    public IReadOnlyCollection<TaskRow> Open => _open.Values;

    public bool HasDynamicFork => _dynamicForks.Count > 0;

    /// <summary>The highest that was ever given.</summary>
    public int LastSeq { get; private set; }

    public TaskRow? Find(string taskId) => _tasks.GetValueOrDefault(taskId);

    public TaskRow? Latest(string reference) => _latest.GetValueOrDefault(reference);

    public TaskRow? LatestOfEntry(string plainName) => _latestOfEntry.GetValueOrDefault(plainName);

    public void Put(TaskRow task)
    {
        _tasks[task.TaskId] = task;
        LastSeq = Math.Max(LastSeq, task.Seq);
        Link(_latest, task.ReferenceName, task);
        Link(_latestOfEntry, task.PlainName, task);
        if (task.IsTerminal)
        {
            _open.Remove(task.TaskId);
        }
        else
        {
            _open[task.TaskId] = task;
        }
        if (task.TaskType == TaskTypes.Fork && task.Input.ContainsKey(DynamicForkOperator.ForkedTasksKey))
        {
            _dynamicForks.Add(task.TaskId);
        }
    }

    public void Remove(TaskRow task)
    {
        _tasks.Remove(task.TaskId);
        _open.Remove(task.TaskId);
        _dynamicForks.Remove(task.TaskId);
        Relink(_latest, task, task.ReferenceName, other => other.ReferenceName == task.ReferenceName);
        Relink(_latestOfEntry, task, task.PlainName, other => other.PlainName == task.PlainName);
    }

    public void Clear()
    {
        _tasks.Clear();
        _latest.Clear();
        _latestOfEntry.Clear();
        _open.Clear();
        _dynamicForks.Clear();
        LastSeq = 0;
    }

    private static void Link(Dictionary<string, TaskRow> index, string name, TaskRow task)
    {
        if (!index.TryGetValue(name, out var known) || known.TaskId == task.TaskId || known.Seq <= task.Seq)
        {
            index[name] = task;
        }
    }

    private void Relink(Dictionary<string, TaskRow> index, TaskRow removed, string name, Func<TaskRow, bool> hasName)
    {
        if (index.TryGetValue(name, out var known) && known.TaskId == removed.TaskId)
        {
            index.Remove(name);
            if (_tasks.Values.Where(hasName).MaxBy(task => task.Seq) is { } other)
            {
                index[name] = other;
            }
        }
    }
}
