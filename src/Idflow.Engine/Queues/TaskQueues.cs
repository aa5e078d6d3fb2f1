using System.Collections.Concurrent;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Timers;

namespace Idflow.Engine.Queues;

/// <summary>All queues of worker tasks. They live in memory and are filled from the rows when the engine opens.</summary>
internal sealed class TaskQueues
{
    private readonly ConcurrentDictionary<string, TaskQueue> _queues = new();
    private readonly ConcurrentDictionary<string, TaskQueue> _queueOf = new();
    private readonly TimeProvider _time;
    private readonly TimerHeap _timers;
    private readonly ExecutionLimiter _limiter;
    private long _order;
    private long _waiting;

    public TaskQueues(TimeProvider time, TimerHeap timers)
    {
        _time = time;
        _timers = timers;
        _limiter = new ExecutionLimiter((taskDefName, at) => timers.Set(new TimerKey(TimerKind.RateLimit, taskDefName), "", at));
    }

    /// <summary><c>domain:type</c>, or <c>type</c>.</summary>
    public static string NameOf(string taskType, string? domain) => string.IsNullOrEmpty(domain) ? taskType : $"{domain}:{taskType}";

    /// <summary>Brings the queues in line with a worker task's row.</summary>
    public void Follow(TaskRow task)
    {
        var limit = ExecutionLimit.Of(task);
        if (task.Status == TaskExecutionStatus.SCHEDULED)
        {
            Put(task);
        }
        else
        {
            Remove(task.TaskId);
        }
        if (limit.Concurrent > 0)
        {
            if (task.Status == TaskExecutionStatus.IN_PROGRESS)
            {
                _limiter.Adopt(task.TaskDefName, task.TaskId);
            }
            else
            {
                _limiter.Release(task.TaskDefName, task.TaskId);
            }
        }
    }

    public void Remove(string taskId)
    {
        if (Forget(taskId) is { } queue)
        {
            queue.Remove(taskId);
            _timers.Clear(new TimerKey(TimerKind.QueueDue, taskId));
        }
    }

    /// <summary>A task's delay is over.</summary>
    public void MakeReady(string taskId)
    {
        if (_queueOf.TryGetValue(taskId, out var queue))
        {
            queue.MakeReady(taskId);
        }
    }

    /// <summary>A rate limit's window has room.</summary>
    public void WakeLimited(string taskDefName) => _limiter.Wake(taskDefName);

    public TaskQueue Get(string name) => _queues.GetOrAdd(name, static key => new TaskQueue(key));

    public List<QueuedTask> Take(TaskQueue queue, int count)
    {
        var now = Now();
        var taken = queue.Take(count, task => _limiter.TryAcquire(task, queue, now));
        taken.ForEach(task => Forget(task.TaskId));
        return taken;
    }

    /// <summary>
    /// A task that was taken turned out not to be for hand-out: its place under the limits is free again. If it is still to be handed out
    /// (the clock was set back, and it is not due any more) it waits again.
    /// </summary>
    public void GiveBack(QueuedTask task, TaskRow? row)
    {
        _limiter.Release(task.Limit.TaskDefName, task.TaskId);
        if (row is { Status: TaskExecutionStatus.SCHEDULED })
        {
            Follow(row);
        }
    }

    /// <summary>A task that was taken and could not be looked at waits again, unless it has come anew meanwhile.</summary>
    public void PutBack(QueuedTask task, TaskQueue queue)
    {
        if (_queueOf.TryAdd(task.TaskId, queue))
        {
            Interlocked.Increment(ref _waiting);
            queue.PutBack(task);
        }
        _limiter.Release(task.Limit.TaskDefName, task.TaskId);
    }

    /// <summary>Waiting tasks by queue name, queues that ever held one included.</summary>
    public IReadOnlyDictionary<string, long> Sizes() => _queues.ToDictionary(queue => queue.Key, queue => (long)queue.Value.Count);

    /// <summary>Tasks that wait, in all queues.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    public long Size(string name) => _queues.TryGetValue(name, out var queue) ? queue.Count : 0;

    private void Put(TaskRow task)
    {
        var queue = Get(NameOf(task.TaskType, task.Domain));
        if (!_queueOf.TryAdd(task.TaskId, queue))
        {
            if (_queueOf.TryGetValue(task.TaskId, out var old) && old != queue)
            {
                old.Remove(task.TaskId);
            }
            _queueOf[task.TaskId] = queue;
        }
        else
        {
            Interlocked.Increment(ref _waiting);
        }
        var key = new TimerKey(TimerKind.QueueDue, task.TaskId);
        if (queue.Put(task, Interlocked.Increment(ref _order), Now()))
        {
            _timers.Clear(key);
        }
        else
        {
            _timers.Set(key, task.WorkflowId, task.DueTime);
        }
    }

    private TaskQueue? Forget(string taskId)
    {
        if (!_queueOf.TryRemove(taskId, out var queue))
        {
            return null;
        }
        Interlocked.Decrement(ref _waiting);
        return queue;
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
