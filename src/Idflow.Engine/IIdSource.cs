namespace Idflow.Engine;

/// <summary>Where the engine's ids and random numbers come from; a seeded one makes a run repeatable.</summary>
public interface IIdSource
{
    /// <summary>A new UUID.</summary>
    string NewId();

    /// <summary>From 0 to <paramref name="maximum"/>, both included.</summary>
    long Random(long maximum);
}

/// <summary>UUIDs of version 7: ids made at about the same time are neighbours in the indexes of the store, which makes them cheap to write.</summary>
internal sealed class RandomIdSource(TimeProvider time) : IIdSource
{
    public string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();

    public long Random(long maximum) => System.Random.Shared.NextInt64(maximum + 1);
}
