namespace Idflow.Engine.Queues;

/// <summary>Keeps count of what runs of each limited task definition: at most so many at once, at most so many per sliding window.</summary>
/// <param name="wakeAt">Called with a definition's name and the epoch milliseconds when its window has room again.</param>
internal sealed class ExecutionLimiter(Action<string, long> wakeAt)
{
    private sealed class Usage
    {
        public HashSet<string> Running { get; } = [];
        public Queue<long> HandOuts { get; } = new();
        public HashSet<TaskQueue> Blocked { get; } = [];
    }

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Usage> _usage = [];

    /// <summary>Takes a place for a task; false when there is none, and then the queue is woken when there is.</summary>
    public bool TryAcquire(QueuedTask task, TaskQueue queue, long now)
    {
        var limit = task.Limit;
        if (limit.IsNone)
        {
            return true;
        }
        lock (_gate)
        {
            var usage = UsageOf(limit.TaskDefName);
            if (limit.Concurrent > 0 && usage.Running.Count >= limit.Concurrent)
            {
                usage.Blocked.Add(queue);
                return false;
            }
            if (limit.PerWindow > 0 && !HasRoom(usage, limit, queue, now))
            {
                return false;
            }
            if (limit.Concurrent > 0)
            {
                usage.Running.Add(task.TaskId);
            }
            return true;
        }
    }

    private bool HasRoom(Usage usage, ExecutionLimit limit, TaskQueue queue, long now)
    {
        var window = limit.WindowSeconds * 1000L;
        while (usage.HandOuts.TryPeek(out var oldest) && oldest + window <= now)
        {
            usage.HandOuts.Dequeue();
        }
        if (usage.HandOuts.Count >= limit.PerWindow)
        {
            usage.Blocked.Add(queue);
            wakeAt(limit.TaskDefName, usage.HandOuts.Peek() + window);
            return false;
        }
        usage.HandOuts.Enqueue(now);
        return true;
    }

    /// <summary>A task that was running when the engine opened.</summary>
    public void Adopt(string taskDefName, string taskId)
    {
        lock (_gate)
        {
            UsageOf(taskDefName).Running.Add(taskId);
        }
    }

    /// <summary>Gives a task's place back; no harm when it holds none.</summary>
    public void Release(string taskDefName, string taskId)
    {
        lock (_gate)
        {
            if (!_usage.TryGetValue(taskDefName, out var usage) || !usage.Running.Remove(taskId))
            {
                return;
            }
        }
        Wake(taskDefName);
    }

    /// <summary>Lets the queues that were refused look again.</summary>
    public void Wake(string taskDefName)
    {
        List<TaskQueue> blocked;
        lock (_gate)
        {
            if (!_usage.TryGetValue(taskDefName, out var usage))
            {
                return;
            }
            blocked = [.. usage.Blocked];
            usage.Blocked.Clear();
        }
        blocked.ForEach(queue => queue.Wake());
    }

    private Usage UsageOf(string taskDefName)
    {
        if (!_usage.TryGetValue(taskDefName, out var usage))
        {
            _usage[taskDefName] = usage = new Usage();
        }
        return usage;
    }
}
