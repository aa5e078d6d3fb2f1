namespace Idflow.Engine;

/// <summary>Where the engine's ids and random numbers come from; a seeded one makes a run repeatable.</summary>
public interface IIdSource
{
    /// <summary>A new UUID.</summary>
    string NewId();

    /// <summary>From 0 to <paramref name="maximum"/>, both included.</summary>
    long Random(long maximum);
}

internal sealed class RandomIdSource : IIdSource
{
    public string NewId() => Guid.NewGuid().ToString();

    public long Random(long maximum) => System.Random.Shared.NextInt64(maximum + 1);
}
