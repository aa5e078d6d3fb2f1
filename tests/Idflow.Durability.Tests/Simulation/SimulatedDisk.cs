using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Tests.Support;
using SQLitePCL;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>The process died within a write.</summary>
internal sealed class SimulatedCrashException : Exception;

/// <summary>
/// A disk that refuses reads and writes, keeps writes it has reported as failed (as a log whose flush failed may: they are there after a
/// crash if nothing was written since), and lets the process die just before or just after one.
/// </summary>
internal sealed class SimulatedDisk(IEngineStore disk, SimulationWatch watch, Random random, Action<string> trace)
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private IReadOnlyList<StoreChanges>? _torn;

    /// <summary>One write in so many fails; 0 = none.</summary>
    public int FailsOneIn { get; set; }

    /// <summary>One read in so many fails; 0 = none.</summary>
    public int ReadsFailOneIn { get; set; }

    /// <summary>Reads and writes that have failed.</summary>
    public int Failures { get; private set; }

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
            Put(torn, disk);
        }
        _torn = null;
        return new FaultyStore(disk) { Instead = Write, BeforeRead = Read };
    }

    private void Read(string what)
    {
        CheckAlive();
        if (ReadsFailOneIn > 0 && random.Next(ReadsFailOneIn) == 0)
        {
            trace($"{what} failed");
            Failures++;
            throw EngineStoreException.For(raw.SQLITE_IOERR, "the disk cannot be read, on purpose", "simulated");
        }
    }

    private void Write(IReadOnlyList<StoreChanges> commits, IEngineStore target)
    {
        CheckAlive();
        trace(Describe(commits));
        switch (FailsOneIn > 0 && random.Next(FailsOneIn) == 0 ? random.Next(4) : 9)
        {
            case 0:
                Failures++;
                throw new IOException("the disk is full, on purpose");
            case 1:
                _torn = commits;
                Failures++;
                throw new IOException("the flush failed, on purpose");
            case 2:
                HasCrashed = true;
                throw new SimulatedCrashException();
            case 3:
                Put(commits, target);
                HasCrashed = true;
                throw new SimulatedCrashException();
            default:
                Put(commits, target);
                break;
        }
    }

    private void CheckAlive()
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("The engine's work escaped to another thread: it is not repeatable");
        }
        if (HasCrashed)
        {
            throw new SimulatedCrashException();
        }
    }

    /// <summary>A write that succeeds stands where the one before it failed, which cannot come back then.</summary>
    private void Put(IReadOnlyList<StoreChanges> commits, IEngineStore target)
    {
        watch.See(commits);
        target.Write(commits);
        _torn = null;
    }

    private static string Describe(IReadOnlyList<StoreChanges> commits) => string.Join('|', commits.Select(commit =>
        string.Join(',', commit.Workflows.Select(write => $"{write.Row.WorkflowId}={write.Row.Status}"))
        + string.Join(',', commit.Tasks.Select(write => $"{write.Row.TaskId}={write.Row.ReferenceName} {write.Row.Status} {write.Row.Reason}"))
        + $"+{string.Join(',', commit.Outbox.Select(row => row.Id))}-{string.Join(',', commit.DeletedOutbox)}-{string.Join(',', commit.DeletedWorkflows)}"));
}
