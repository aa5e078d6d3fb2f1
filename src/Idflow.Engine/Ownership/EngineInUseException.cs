namespace Idflow.Engine.Ownership;

/// <summary>Another engine owns the directory.</summary>
public sealed class EngineInUseException(string directory, string? url, Exception? innerException = null)
    : IOException($"The engine in {directory} is in use{(url is null ? " by another process" : $" by the server at {url}")}", innerException)
{
    public string Directory { get; } = directory;

    /// <summary>Where its owner serves the REST API; null when it does not.</summary>
    public string? Url { get; } = url;
}
