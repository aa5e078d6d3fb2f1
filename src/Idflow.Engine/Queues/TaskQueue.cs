using Idflow.Engine.State;

namespace Idflow.Engine.Queues;

/// <summary>
/// The tasks of one type and domain: higher priority first, then the earlier due, then the earlier put. Pollers that find nothing
/// wait here and are woken the moment a task can be had.
/// </summary>
internal sealed class TaskQueue(string name)
{
    /// <summary>Tasks of a limited definition that are passed over in search of one that may run.</summary>
    private const int MostPassedOver = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, QueuedTask> _tasks = [];
    private readonly PriorityQueue<QueuedTask, (int, long, long)> _ready = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private bool _wakeMissed;

    public string Name => name;

    /// <summary>Tasks that wait, those that are not due yet included.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _tasks.Count;
            }
        }
    }

    /// <summary>Puts a task in, in place of what was here under its id.</summary>
    /// <returns>True when it can be had at once; else <see cref="MakeReady"/> is called when it is due.</returns>
    public bool Put(TaskRow task, long order, long now)
    {
        lock (_gate)
        {
            if (_tasks.TryGetValue(task.TaskId, out var old))
            {
                old.IsGone = true;
            }
            var queued = new QueuedTask(task, order);
            _tasks[task.TaskId] = queued;
            if (queued.Due > now)
            {
                return false;
            }
            Enqueue(queued);
            WakeLocked();
            return true;
        }
    }

    /// <summary>Puts a task in again as it was when it was taken.</summary>
    public void PutBack(QueuedTask task)
    {
        lock (_gate)
        {
            task.IsGone = false;
            _tasks[task.TaskId] = task;
            Enqueue(task);
            WakeLocked();
        }
    }

    public void MakeReady(string taskId)
    {
        lock (_gate)
        {
            if (_tasks.TryGetValue(taskId, out var task))
            {
                Enqueue(task);
                WakeLocked();
            }
        }
    }

    public void Remove(string taskId)
    {
        lock (_gate)
        {
            if (_tasks.Remove(taskId, out var task))
            {
                task.IsGone = true;
            }
        }
    }

    /// <summary>Takes tasks out, up to a number, that the limits let run.</summary>
    public List<QueuedTask> Take(int count, Func<QueuedTask, bool> mayRun)
    {
        var taken = new List<QueuedTask>();
        var passedOver = new List<QueuedTask>();
        lock (_gate)
        {
            _wakeMissed = false;
            while (taken.Count < count && passedOver.Count < MostPassedOver && _ready.TryDequeue(out var task, out _))
            {
                if (task.IsGone)
                {
                    continue;
                }
                if (!mayRun(task))
                {
                    passedOver.Add(task);
                    continue;
                }
                task.IsGone = true;
                _tasks.Remove(task.TaskId);
                taken.Add(task);
            }
            passedOver.ForEach(Enqueue);
        }
        return taken;
    }

    /// <summary>Ends when a task may be had; the poller then takes again.</summary>
    /// <returns>False when the time is over.</returns>
    public async Task<bool> WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<TaskCompletionSource> node;
        lock (_gate)
        {
            if (_wakeMissed)
            {
                // A task came between the poller's look and now.
                _wakeMissed = false;
                return true;
            }
            node = _waiting.AddLast(waiter);
        }
        try
        {
            await waiter.Task.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return !Leave(node);
        }
        catch (OperationCanceledException)
        {
            if (!Leave(node))
            {
                Wake();
            }
            throw;
        }
    }

    /// <summary>Lets one waiting poller look again: a limit has made room.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            WakeLocked();
        }
    }

    /// <returns>True when the poller had not been woken.</returns>
    private bool Leave(LinkedListNode<TaskCompletionSource> node)
    {
        lock (_gate)
        {
            if (node.List is null)
            {
                return false;
            }
            _waiting.Remove(node);
            return true;
        }
    }

    private void Enqueue(QueuedTask task) => _ready.Enqueue(task, (-task.Priority, task.Due, task.Order));

    private void WakeLocked()
    {
        if (_waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            first.Value.SetResult();
        }
        else
        {
            _wakeMissed = true;
        }
    }
}
