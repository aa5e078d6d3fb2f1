using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>
/// Which open joins wait for which tasks, and for how many of them still: a join is looked at when its count reaches
/// zero or one of its tasks ends badly, not at every end of a branch.
/// </summary>
internal sealed class JoinIndex
{
    private sealed class Waiting(string taskId, bool first, IReadOnlyList<string> references)
    {
        public string TaskId { get; } = taskId;

        /// <summary>An EXCLUSIVE_JOIN goes on with the first that ends.</summary>
        public bool First { get; } = first;
        public IReadOnlyList<string> References { get; } = references;
        public int Unsettled { get; set; }
    }

    private readonly Dictionary<string, Waiting> _joins = [];
    private readonly Dictionary<string, List<Waiting>> _byReference = [];

    /// <summary>Notes an open join. Other tasks, and joins that are known, are left alone.</summary>
    public void Open(TaskRow task, Func<string, bool> isSettled)
    {
        if (task.TaskType is not (TaskTypes.Join or TaskTypes.ExclusiveJoin) || _joins.ContainsKey(task.TaskId))
        {
            return;
        }
        var references = JoinOn.AllNames(task).Distinct().ToList();
        var waiting = new Waiting(task.TaskId, task.TaskType == TaskTypes.ExclusiveJoin, references) { Unsettled = references.Count(name => !isSettled(name)) };
        _joins[task.TaskId] = waiting;
        foreach (var reference in references)
        {
            if (!_byReference.TryGetValue(reference, out var list))
            {
                _byReference[reference] = list = [];
            }
            list.Add(waiting);
        }
    }

    public void Close(TaskRow task)
    {
        if (_joins.Remove(task.TaskId, out var waiting))
        {
            foreach (var reference in waiting.References)
            {
                _byReference[reference].Remove(waiting);
            }
        }
    }

    public void Clear()
    {
        _joins.Clear();
        _byReference.Clear();
    }

    /// <summary>Ids of the joins that may go on now.</summary>
    public IEnumerable<string> Change(TaskRow task, bool settledBefore, bool settled)
    {
        if (!_byReference.TryGetValue(task.ReferenceName, out var list) || list.Count == 0)
        {
            return [];
        }
        foreach (var waiting in list)
        {
            waiting.Unsettled += (settledBefore ? 1 : 0) - (settled ? 1 : 0);
        }
        return settled
            ? [.. list.Where(waiting => waiting.First || waiting.Unsettled == 0 || !task.Status.IsSuccessful()).Select(waiting => waiting.TaskId)]
            : [];
    }
}
