using Idflow.Conductor.Model;
using Idflow.Engine.Definitions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>
/// One running workflow as the decider sees it: the rows, and the indexes that let a decision look at what concerns it only.
/// Whatever is put here is recorded as a change; the owner takes the changes and commits them, or drops the state.
/// </summary>
internal sealed class WorkflowState
{
    private readonly TaskIndex _tasks = new();
    private readonly SortedSet<(int Seq, string TaskId)> _agenda = [];
    private readonly JoinIndex _joins = new();
    private readonly Queue<MessageRow> _messages = [];
    private readonly ChangeRecorder _changes = new();

    /// <summary>A new workflow; its row is the first change.</summary>
    public WorkflowState(WorkflowRow row, WorkflowGraph graph)
    {
        (Row, Graph, Sizes) = (row, graph, new OutputSizes(this));
        _changes.Workflow(null, row);
    }

    private WorkflowState(WorkflowGraph graph, WorkflowRow row)
    {
        (Row, Graph, Sizes) = (row, graph, new OutputSizes(this));
    }

    /// <summary>A workflow as the store has it. Open operators are looked at again, so nothing that was missed stays missed.</summary>
    public static WorkflowState Load(WorkflowRow row, WorkflowGraph graph, IEnumerable<TaskRow> tasks, IEnumerable<MessageRow>? messages = null)
    {
        var state = new WorkflowState(graph, row);
        foreach (var message in messages ?? [])
        {
            state._messages.Enqueue(message);
        }
        foreach (var task in tasks)
        {
            state.Index(graph.WithEntry(task), null);
        }
        state.FlagOpen();
        return state;
    }

    public WorkflowRow Row { get; private set; }

    /// <summary>The definition in use; a restart may replace it.</summary>
    public WorkflowGraph Graph { get; private set; }

    public string Id => Row.WorkflowId;

    public OutputSizes Sizes { get; }

    /// <summary>All attempts of all tasks in the order in which they were scheduled. Sorted at each call: not for decisions that are taken often.</summary>
    public IEnumerable<TaskRow> Tasks => _tasks.All.OrderBy(task => task.Seq);

    public int TaskCount => _tasks.Count;

    public IReadOnlyCollection<TaskRow> Open => _tasks.Open;

    public TaskRow? Find(string taskId) => _tasks.Find(taskId);

    /// <summary>The latest attempt with exactly that reference name.</summary>
    public TaskRow? Latest(string reference) => _tasks.Latest(reference);

    /// <summary>The latest attempt of the latest iteration.</summary>
    public TaskRow? LatestOfEntry(string plainName) => _tasks.LatestOfEntry(plainName);

    /// <summary>A dynamic fork has been scheduled.</summary>
    public bool HasDynamicFork => _tasks.HasDynamicFork;

    public int NextSeq() => _tasks.LastSeq + 1;

    /// <summary>Something was put since the changes were last taken.</summary>
    public bool IsChanged => !_changes.IsEmpty;

    /// <summary>The tasks that were put since the changes were last taken, as they are now.</summary>
    public Dictionary<string, TaskWrite>.ValueCollection ChangedTasks => _changes.Tasks;

    public void Put(WorkflowRow row)
    {
        _changes.Workflow(Row, row);
        Row = row;
    }

    public void Put(TaskRow task)
    {
        var old = _tasks.Find(task.TaskId);
        _changes.Task(old, task);
        Index(task, old);
    }

    public void Remove(TaskRow task)
    {
        _tasks.Remove(task);
        _agenda.Remove((task.Seq, task.TaskId));
        _joins.Close(task);
        Sizes.Forget(task);
        _changes.Deleted(task.TaskId);
    }

    /// <summary>Drops all tasks and takes another definition: the start of a new run under the old id.</summary>
    public void Restart(WorkflowRow row, WorkflowGraph graph)
    {
        foreach (var task in _tasks.All)
        {
            _changes.Deleted(task.TaskId);
        }
        Clear();
        Graph = graph;
        Put(row);
    }

    /// <summary>Adds something that happens outside of this workflow once the change is on disk.</summary>
    public void Emit(Effect effect) => _changes.Emit(effect.ToRow(Id));

    /// <summary>Takes back what was to happen, when it happens with this very change.</summary>
    public T? Take<T>() where T : Effect => _changes.Take<T>();

    /// <summary>Messages that wait for a PULL_WORKFLOW_MESSAGES task, oldest first.</summary>
    public IReadOnlyCollection<MessageRow> Messages => _messages;

    /// <summary>Adds a message; open tasks that pull messages are looked at.</summary>
    public void Push(MessageRow message)
    {
        _messages.Enqueue(message);
        _changes.Message(message);
        foreach (var task in _tasks.Open.Where(task => task.TaskType == TaskTypes.PullWorkflowMessages))
        {
            Flag(task);
        }
    }

    /// <summary>Takes the oldest message out.</summary>
    public MessageRow Pull()
    {
        var message = _messages.Dequeue();
        _changes.Pulled(message);
        return message;
    }

    /// <summary>Drops all messages.</summary>
    public void ClearMessages()
    {
        while (_messages.Count > 0)
        {
            Pull();
        }
    }

    /// <summary>Adds what was put since the last call to a commit.</summary>
    public void MoveChangesTo(StoreChanges commit) => _changes.MoveTo(commit);

    /// <summary>Tasks that the next pass looks at: ended ones whose successors are not derived, and operators that may go on.</summary>
    public IReadOnlyList<TaskRow> TakeAgenda()
    {
        if (_agenda.Count == 0)
        {
            return [];
        }
        var tasks = new List<TaskRow>(_agenda.Count);
        tasks.AddRange(_agenda.Select(item => _tasks.Find(item.TaskId)!));
        _agenda.Clear();
        return tasks;
    }

    public bool HasAgenda => _agenda.Count > 0;

    /// <summary>Takes an open task off the agenda: it is about to be looked at.</summary>
    public void Unflag(string taskId)
    {
        if (_tasks.Find(taskId) is { IsTerminal: false } task)
        {
            _agenda.Remove((task.Seq, taskId));
        }
    }

    /// <summary>Puts an open task on the agenda.</summary>
    public void Flag(TaskRow task) => _agenda.Add((task.Seq, task.TaskId));

    /// <summary>True while a task of that loop and iteration is open.</summary>
    public bool HasOpenMember(string loop, int iteration) =>
        _tasks.Open.Any(task => task.Loop == loop && task.LoopIteration == iteration);

    /// <summary>All attempts of an iteration's tasks, members of dynamic forks included.</summary>
    public IReadOnlyList<TaskRow> MembersOf(string loop, int iteration) =>
        [.. _tasks.All.Where(task => task.Loop == loop && task.LoopIteration == iteration)];

    /// <summary>All tasks of a loop, those of the loops inside of it included.</summary>
    public IReadOnlyList<TaskRow> AllMembersOf(string loop) =>
        [.. _tasks.All.Where(task => task.Loop == loop).SelectMany(task => task.TaskType == TaskTypes.DoWhile ? AllMembersOf(task.ReferenceName).Append(task) : [task])];

    /// <summary>Builds the indexes anew and looks at everything again: after an operator has taken tasks away.</summary>
    public void Reindex()
    {
        var tasks = Tasks.ToList();
        Clear();
        tasks.ForEach(task => Index(task, null));
        FlagOpen();
    }

    private void FlagOpen()
    {
        foreach (var task in _tasks.Open)
        {
            Flag(task);
        }
    }

    private void Clear()
    {
        _tasks.Clear();
        _agenda.Clear();
        _joins.Clear();
        Sizes.Clear();
    }

    private void Index(TaskRow task, TaskRow? old)
    {
        if (old is not null && old.Seq != task.Seq)
        {
            _agenda.Remove((old.Seq, old.TaskId));
        }
        var settledBefore = IsSettled(task.ReferenceName);
        _tasks.Put(task);
        if (task.IsTerminal)
        {
            _joins.Close(task);
        }
        else
        {
            _joins.Open(task, IsSettled);
        }
        UpdateAgenda(task, settledBefore);
        if (old is { IsTerminal: true } && !task.IsTerminal)
        {
            // An operator that has been opened again may have all it waits for already. What it gave may become another.
            Sizes.Clear();
            Flag(task);
        }
    }

    private void UpdateAgenda(TaskRow task, bool settledBefore)
    {
        if (task is { IsTerminal: true, Executed: false, Retried: false } && task.Status != TaskExecutionStatus.SKIPPED)
        {
            Flag(task);
        }
        else
        {
            _agenda.Remove((task.Seq, task.TaskId));
        }
        foreach (var join in _joins.Change(task, settledBefore, IsSettled(task.ReferenceName)))
        {
            Flag(_tasks.Find(join)!);
        }
        if (task.Loop is not null && task.IsTerminal && Latest(task.Loop) is { IsTerminal: false } loop)
        {
            Flag(loop);
        }
    }

    private bool IsSettled(string reference) => Latest(reference) is { IsTerminal: true };
}
