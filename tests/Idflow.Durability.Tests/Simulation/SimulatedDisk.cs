using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Tests.Support;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>The process died within a write.</summary>
internal sealed class SimulatedCrashException : Exception;

/// <summary>
/// A disk that refuses writes, keeps writes it has reported as failed (as a log whose flush failed may: they are there after a
/// crash if nothing was written since), and lets the process die just before or just after one.
/// </summary>
internal sealed class SimulatedDisk(IEngineStore disk, Random random, Action<string> trace)
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private IReadOnlyList<StoreChanges>? _torn;

    /// <summary>One write in so many fails; 0 = none.</summary>
    public int FailsOneIn { get; set; }

    /// <summary>The process has died within a write and must be started again.</summary>
    public bool HasCrashed { get; private set; }

    public IEngineStore Content => disk;

    /// <summary>The disk as a new process finds it.</summary>
    public IEngineStore Open()
    {
        HasCrashed = false;
        if (_torn is { } torn && random.Next(2) == 0)
        {
            trace("torn write came back");
            disk.Write(torn);
        }
        _torn = null;
        return new FaultyStore(disk) { Instead = Write };
    }

    private void Write(IReadOnlyList<StoreChanges> commits, IEngineStore target)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("The engine's work escaped to another thread: it is not repeatable");
        }
        if (HasCrashed)
        {
            throw new SimulatedCrashException();
        }
        trace(Describe(commits));
        switch (FailsOneIn > 0 && random.Next(FailsOneIn) == 0 ? random.Next(4) : 9)
        {
            case 0:
                throw new IOException("the disk is full, on purpose");
            case 1:
                _torn = commits;
                throw new IOException("the flush failed, on purpose");
            case 2:
                HasCrashed = true;
                throw new SimulatedCrashException();
            case 3:
                Keep(commits, target);
                HasCrashed = true;
                throw new SimulatedCrashException();
            default:
                Keep(commits, target);
                break;
        }
    }

    /// <summary>A write that succeeds stands where the one before it failed, which cannot come back then.</summary>
    private void Keep(IReadOnlyList<StoreChanges> commits, IEngineStore target)
    {
        target.Write(commits);
        _torn = null;
    }

    private static string Describe(IReadOnlyList<StoreChanges> commits) => string.Join('|', commits.Select(commit =>
        string.Join(',', commit.Workflows.Select(write => $"{write.Row.WorkflowId}={write.Row.Status}"))
        + string.Join(',', commit.Tasks.Select(write => $"{write.Row.TaskId}={write.Row.ReferenceName} {write.Row.Status} {write.Row.Reason}"))
        + $"+{string.Join(',', commit.Outbox.Select(row => row.Id))}-{string.Join(',', commit.DeletedOutbox)}"));
}
