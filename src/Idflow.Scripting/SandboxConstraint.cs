using Jint;

namespace Idflow.Scripting;

/// <summary>All limits of one evaluation, looked at before every statement.</summary>
internal sealed class SandboxConstraint(ScriptOptions options, TimeProvider time) : Constraint
{
    private const int StatementsPerClockCheck = 64;

    private long _started;
    private long _statements;
    private long _allocatedAtStart;
    private long _nextMemoryCheck;
    private long _heapAtStart;

    /// <summary>Opens the one budget of a whole evaluation, result conversion included.</summary>
    public void Begin()
    {
        _started = time.GetTimestamp();
        _statements = 0;
        _allocatedAtStart = GC.GetAllocatedBytesForCurrentThread();
        _nextMemoryCheck = options.MemoryBytes;
        _heapAtStart = GC.GetTotalMemory(forceFullCollection: false);
    }

    /// <summary>Brings a value into the script while it runs: within a budget of its own, as the values have that are there from the start.</summary>
    public T Aside<T>(Func<T> work)
    {
        var (started, statements, allocated, nextCheck, heap) = (_started, _statements, _allocatedAtStart, _nextMemoryCheck, _heapAtStart);
        Begin();
        var result = work();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - _allocatedAtStart;
        _started = started + time.GetTimestamp() - _started;
        (_statements, _allocatedAtStart, _nextMemoryCheck, _heapAtStart) = (statements, allocated + bytes, nextCheck, heap + bytes);
        return result;
    }

    /// <summary>The interpreter resets at each entry; the budget here is that of the evaluation.</summary>
    public override void Reset()
    {
    }

    public override void Check()
    {
        DeepStack.Ensure();
        if (++_statements > options.MaxStatements)
        {
            throw new LimitExceededException(ScriptFailure.Timeout, $"Script not evaluated within {options.MaxStatements} statements, interrupted.");
        }

        if (_statements % StatementsPerClockCheck == 0 && time.GetElapsedTime(_started) > options.Timeout)
        {
            throw new LimitExceededException(ScriptFailure.Timeout, $"Script not evaluated within {options.Timeout.TotalSeconds:0.###} seconds, interrupted.");
        }

        if (GC.GetAllocatedBytesForCurrentThread() - _allocatedAtStart > _nextMemoryCheck)
        {
            CheckHeap();
        }
    }

    /// <summary>
    /// Garbage does not count: a loop of four seconds may allocate gigabytes and hold nothing. The heap is that of the process, so it
    /// is read only after this script alone has allocated a further limit's worth.
    /// </summary>
    private void CheckHeap()
    {
        _nextMemoryCheck = GC.GetAllocatedBytesForCurrentThread() - _allocatedAtStart + options.MemoryBytes;
        if (GC.GetTotalMemory(forceFullCollection: false) - _heapAtStart > options.MemoryBytes
            && GC.GetTotalMemory(forceFullCollection: true) - _heapAtStart > options.MemoryBytes)
        {
            throw TooMuchMemory(options, null);
        }
    }

    internal static LimitExceededException TooMuchMemory(ScriptOptions options, string? detail) =>
        new(ScriptFailure.Memory, $"The script needs more than the allowed {options.MemoryBytes >> 20} MiB of memory{(detail is null ? "" : $" ({detail})")}.");
}
