namespace Idflow.Engine.Timers;

/// <summary>What a timer is for.</summary>
internal enum TimerKind { TaskDeadline, WorkflowDeadline, QueueDue, SystemTaskDue, RateLimit, Schedule, Retention }

internal readonly record struct TimerKey(TimerKind Kind, string Id);

/// <summary>
/// All deadlines of the engine, one timer of the clock behind them. Setting and clearing are cheap, also for deadlines that never
/// come: times are gathered in slots of some milliseconds, and only slots are ordered.
/// </summary>
internal sealed class TimerHeap : IAsyncDisposable
{
    private const long SlotMs = 4;

    /// <summary>After so long the clock is looked at again: it may have been set.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time;
    private readonly Action<TimerKey, string> _due;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<TimerKey, (long Slot, string Owner)> _slotOf = [];
    private readonly Dictionary<long, HashSet<TimerKey>> _slots = [];
    private readonly PriorityQueue<long, long> _order = new();
    private long _armedFor = long.MaxValue;

    /// <param name="due">Called with the key and its owner when a timer fires; must not block.</param>
    public TimerHeap(TimeProvider time, Action<TimerKey, string> due)
    {
        (_time, _due) = (time, due);
        _timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sets or moves a timer; a time of 0 clears it.</summary>
    /// <param name="owner">The workflow it belongs to.</param>
    /// <param name="time">Epoch milliseconds.</param>
    public void Set(TimerKey key, string owner, long time)
    {
        lock (_gate)
        {
            ClearLocked(key);
            if (time <= 0)
            {
                return;
            }
            var slot = (time + SlotMs - 1) / SlotMs;
            _slotOf[key] = (slot, owner);
            if (!_slots.TryGetValue(slot, out var keys))
            {
                _slots[slot] = keys = [];
                _order.Enqueue(slot, slot);
            }
            keys.Add(key);
            Arm();
        }
    }

    public void Clear(TimerKey key)
    {
        lock (_gate)
        {
            ClearLocked(key);
        }
    }

    private void ClearLocked(TimerKey key)
    {
        if (_slotOf.Remove(key, out var at) && _slots.TryGetValue(at.Slot, out var keys) && keys.Remove(key) && keys.Count == 0)
        {
            _slots.Remove(at.Slot);
        }
    }

    private void Fire()
    {
        List<(TimerKey Key, string Owner)> fired = [];
        lock (_gate)
        {
            _armedFor = long.MaxValue;
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            while (_order.TryPeek(out var slot, out _) && slot * SlotMs <= now)
            {
                _order.Dequeue();
                if (_slots.Remove(slot, out var keys))
                {
                    foreach (var key in keys)
                    {
                        _slotOf.Remove(key, out var at);
                        fired.Add((key, at.Owner));
                    }
                }
            }
            Arm();
        }
        fired.ForEach(timer => _due(timer.Key, timer.Owner));
    }

    private void Arm()
    {
        while (_order.TryPeek(out var empty, out _) && !_slots.ContainsKey(empty))
        {
            _order.Dequeue();
        }
        if (!_order.TryPeek(out var slot, out _) || slot >= _armedFor)
        {
            return;
        }
        _armedFor = slot;
        var wait = TimeSpan.FromMilliseconds(Math.Max(0, slot * SlotMs - _time.GetUtcNow().ToUnixTimeMilliseconds()));
        _timer.Change(wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
