using Idflow.Conductor.Model;

namespace Idflow.Workers.Execution;

/// <summary>Why a running method was told to stop.</summary>
internal enum StopReason
{
    None,
    TimeUp,
    WorkflowEnded,
    WorkerStops,
}

/// <summary>The context of a task that a worker runs now.</summary>
internal sealed class RunningTask(TaskExecution task, TimeProvider time) : TaskContext, IDisposable
{
    /// <summary>Lines of one task that are kept; a method that logs without end must not fill the server.</summary>
    public const int MostLogLines = 1000;

    private const int LongestLogLine = 10_000;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Lock _lock = new();
    private readonly List<TaskExecLog> _log = [];
    private int _logged;
    private StopReason _stopReason;

    public override TaskExecution Task => task;

    public override CancellationToken CancellationToken => _cancellation.Token;

    public StopReason StopReason
    {
        get
        {
            lock (_lock)
            {
                return _stopReason;
            }
        }
    }

    public override void Log(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        lock (_lock)
        {
            if (_logged++ < MostLogLines)
            {
                var text = line.Length <= LongestLogLine ? line : string.Concat(line.AsSpan(0, LongestLogLine), "..");
                _log.Add(new TaskExecLog { TaskId = task.TaskId, Log = text, CreatedTime = time.GetUtcNow().ToUnixTimeMilliseconds() });
            }
        }
    }

    /// <summary>The lines that were not sent yet; they count as sent from now on.</summary>
    public IReadOnlyList<TaskExecLog> TakeLog()
    {
        lock (_lock)
        {
            TaskExecLog[] lines = [.. _log];
            _log.Clear();
            return lines;
        }
    }

    /// <summary>Tells the method to stop; the first reason counts.</summary>
    public void Stop(StopReason reason)
    {
        lock (_lock)
        {
            if (_stopReason != StopReason.None)
            {
                return;
            }

            _stopReason = reason;
        }

        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The task ended in between.
        }
        catch (AggregateException)
        {
            // A callback that the method registered failed; the method itself reports what it makes of it.
        }
    }

    public void Dispose() => _cancellation.Dispose();
}
