using Idflow.Tasks.Research;
using Idflow.Tasks.Research.Sources;

namespace Idflow.Benchmarks.Research;

/// <summary>A folder of text files as sources; their titles come from the file names.</summary>
internal static class Corpus
{
    public static IReadOnlyList<SourceText> Read(string folder) => [.. Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal).Select(file =>
    {
        var title = SourceTitle.FromFileName(Path.GetFileName(file));
        return new SourceText(title, Path.GetFileName(file), Path.GetFileName(file), File.ReadAllText(file), title);
    })];
}
