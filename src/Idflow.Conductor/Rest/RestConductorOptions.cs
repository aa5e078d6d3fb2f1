namespace Idflow.Conductor.Rest;

/// <summary>Which server, and how patiently.</summary>
public sealed record RestConductorOptions
{
    /// <summary>The server's address, with or without <c>/api</c> at its end: <c>http://conductor:8080</c>.</summary>
    public required string ServerUrl { get; init; }

    /// <summary>Longest wait for an answer; a poll may take its own waiting time longer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a call is sent again that certainly did not reach the server, or that changes nothing there.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>Pause before the first of these; it doubles.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Adds credentials to each request; null = none.</summary>
    public IConductorCredentials? Credentials { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
