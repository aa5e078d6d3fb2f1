namespace Idflow.Engine;

/// <summary>Where the embedded engine keeps its data, and its sources of time and ids.</summary>
public sealed record EngineOptions
{
    /// <summary>The folder of the engine's database (<c>.idflow/engine</c> of a project); null = in memory.</summary>
    public string? Directory { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
