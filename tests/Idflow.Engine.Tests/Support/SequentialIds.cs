namespace Idflow.Engine.Tests.Support;

/// <summary>Ids that count, and random numbers from a seed.</summary>
internal sealed class SequentialIds(int seed = 1) : IIdSource
{
    private readonly Random _random = new(seed);
    private int _last;

    /// <summary>The number before the first.</summary>
    public int First { init => _last = value; }

    public string NewId() => $"00000000-0000-4000-8000-{Interlocked.Increment(ref _last):D12}";

    public long Random(long maximum)
    {
        lock (_random)
        {
            return _random.NextInt64(maximum + 1);
        }
    }
}
