using System.Diagnostics;

namespace Idflow.Benchmarks.Load;

/// <summary>How often a second the disk takes a write that is flushed: the limit of commits that stand alone.</summary>
internal static class DiskRate
{
    private const int Block = 4096;

    public static double FlushesPerSecond(TimeSpan time)
    {
        var path = Path.Combine(Path.GetTempPath(), $"idflow-bench-{Guid.NewGuid():N}");
        try
        {
            using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
            var block = new byte[Block];
            var clock = Stopwatch.StartNew();
            long flushes = 0;
            for (; clock.Elapsed < time; flushes++)
            {
                RandomAccess.Write(file, block, flushes * Block);
                RandomAccess.FlushToDisk(file);
            }

            return flushes / clock.Elapsed.TotalSeconds;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
