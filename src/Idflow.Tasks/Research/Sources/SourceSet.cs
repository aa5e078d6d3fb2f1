namespace Idflow.Tasks.Research.Sources;

/// <summary>The texts that research works on, and what was left out.</summary>
internal sealed record SourceSet(IReadOnlyList<SourceText> Texts, IReadOnlyList<SkippedSource> Skipped, string Description)
{
    public SourceSet With(SourceSet other) => new(
        [.. Texts.Concat(other.Texts).DistinctBy(source => source.Url, StringComparer.Ordinal)], [.. Skipped, .. other.Skipped], $"{Description}; {other.Description}");
}
