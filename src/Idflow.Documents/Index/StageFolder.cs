namespace Idflow.Documents.Index;

/// <summary>The run of a stage as its folder shows it; <paramref name="Results"/> are paths below the run's folder, with <c>/</c>.</summary>
internal sealed record StageFolder(string Name, int Counter, string Path, bool HasStageFile, IReadOnlyList<string> Results);
