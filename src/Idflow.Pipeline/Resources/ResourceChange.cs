namespace Idflow.Pipeline.Resources;

/// <summary>A file that is new, changed or gone.</summary>
/// <param name="Location">How messages name it.</param>
/// <param name="Kind">One of <see cref="ResourceOverlay.Kinds"/>; null for a file of the configuration.</param>
public sealed record ResourceChange(string Location, string? Kind);
