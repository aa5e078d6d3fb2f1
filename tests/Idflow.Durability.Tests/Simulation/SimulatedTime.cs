namespace Idflow.Durability.Tests.Simulation;

/// <summary>Time that passes when it is told to, and a wall clock that may be set. Timers fire on the thread that lets time pass.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private readonly List<SimulatedTimer> _timers = [];
    private DateTimeOffset _wall = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _elapsed;

    /// <summary>The latest time that the clock has ever shown.</summary>
    public DateTimeOffset LatestWall { get; private set; } = DateTimeOffset.MinValue;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed;

    public override DateTimeOffset GetUtcNow() => _wall;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state);
        _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Somebody sets the clock; no time passes.</summary>
    public void SetClock(TimeSpan by) => Show(_wall + by);

    public void Advance(TimeSpan by)
    {
        var end = _elapsed + by.Ticks;
        while (_timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due) is { } next)
        {
            Pass(Math.Max(_elapsed, next.Due));
            next.Fire();
        }
        Pass(end);
    }

    /// <summary>The process that had set timers is dead.</summary>
    public void DropTimers() => _timers.Clear();

    private void Pass(long until)
    {
        Show(_wall + TimeSpan.FromTicks(until - _elapsed));
        _elapsed = until;
    }

    private void Show(DateTimeOffset wall)
    {
        _wall = wall;
        LatestWall = wall > LatestWall ? wall : LatestWall;
    }

    private sealed class SimulatedTimer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        public long Due { get; private set; } = long.MaxValue;

        public void Fire()
        {
            Due = long.MaxValue;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time._elapsed + dueTime.Ticks;
            return true;
        }

        public void Dispose() => time._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
