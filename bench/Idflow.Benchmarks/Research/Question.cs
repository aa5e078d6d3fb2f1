using System.Text.Json.Nodes;

namespace Idflow.Benchmarks.Research;

/// <summary>A question with the files that a good answer uses; none when the corpus has no answer.</summary>
internal sealed record Question(string Id, string Kind, string Text, IReadOnlySet<string> MustFiles)
{
    /// <summary>Reads <c>questions[]</c> with <c>id</c>, <c>kind</c>, <c>question</c>, <c>must_files</c>.</summary>
    public static IReadOnlyList<Question> Read(string file) => [.. JsonNode.Parse(File.ReadAllText(file))!["questions"]!.AsArray().Select(entry => new Question(
        (string)entry!["id"]!, (string)entry["kind"]!, (string)entry["question"]!, entry["must_files"]!.AsArray().Select(name => (string)name!).ToHashSet()))];

    public double Recall(IEnumerable<string> files) => MustFiles.Count == 0 ? 0 : (double)files.Count(MustFiles.Contains) / MustFiles.Count;
}
