using System.Runtime.CompilerServices;

namespace Idflow.Engine.Jq;

/// <summary>What one evaluation may use.</summary>
internal sealed class JqLimits(TimeProvider time, TimeSpan timeout, long mostAllocated)
{
    /// <summary>Longest run of a program, and of one regular expression.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(4);

    public const long DefaultAllocated = 2L << 30;

    private const int MaxLength = 5_000_000;
    private const int StepsPerCheck = 512;

    private readonly long _started = time.GetTimestamp();
    private readonly long _allocatedAtStart = GC.GetAllocatedBytesForCurrentThread();
    private int _steps;

    public TimeProvider Time => time;

    /// <summary>Called at every step of a program.</summary>
    public void Step()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (++_steps % StepsPerCheck != 0)
        {
            return;
        }

        if (time.GetElapsedTime(_started) > timeout)
        {
            throw new JqLimitException($"The jq program ran longer than {timeout.TotalSeconds:0.###} seconds.");
        }

        if (GC.GetAllocatedBytesForCurrentThread() - _allocatedAtStart > mostAllocated)
        {
            throw new JqLimitException($"The jq program needs more than {mostAllocated >> 20} MiB of memory.");
        }
    }

    /// <summary>Of lists and texts.</summary>
    public static void CheckLength(long length)
    {
        if (length > MaxLength)
        {
            throw new JqLimitException($"The jq program makes a list or text of more than {MaxLength} elements.");
        }
    }
}
