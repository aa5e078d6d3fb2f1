using System.Runtime.ExceptionServices;

namespace Idflow.Documents.Index;

/// <summary>Work over a range of numbers on all cores.</summary>
internal static class Chunks
{
    private const int Smallest = 64;

    /// <summary>Calls the action for neighbouring parts of <c>0..count</c>; an exception of a part is thrown as it is.</summary>
    public static void Run(int count, Action<int, int> action, CancellationToken cancellationToken)
    {
        var parts = Math.Clamp(count / Smallest, 1, Environment.ProcessorCount * 4);
        if (parts == 1)
        {
            action(0, count);
            return;
        }

        try
        {
            Parallel.For(
                0,
                parts,
                new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
                part => action((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts)));
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }
}
