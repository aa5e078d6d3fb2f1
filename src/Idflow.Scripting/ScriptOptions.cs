namespace Idflow.Scripting;

/// <summary>Limits of one evaluation.</summary>
public sealed record ScriptOptions
{
    /// <summary>Longest running time; default 4 s, Conductor's own limit.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Most bytes that a script may hold at once; default 128 MiB. A single text or array may not be larger either.</summary>
    public long MemoryBytes { get; init; } = 128L << 20;

    /// <summary>Deepest chain of calls; default 500.</summary>
    public int MaxRecursion { get; init; } = 500;

    /// <summary>Most statements; default 100 million, which <see cref="Timeout"/> normally comes before.</summary>
    public long MaxStatements { get; init; } = 100_000_000;

    /// <summary>Parsed scripts kept for the next evaluation; default 1024. When full, all are dropped.</summary>
    public int CachedScripts { get; init; } = 1024;
}
