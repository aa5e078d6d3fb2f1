using Idflow.Documents.Model;

namespace Idflow.Documents.Markdown;

/// <summary>A result: all its front matter keys are properties, the rest is the body.</summary>
internal static class ResultFile
{
    /// <exception cref="DocumentFormatException">The file cannot be read.</exception>
    public static StageResult Read(MarkdownText source, string path, string name) => new(name, DocumentFile.ReadKeys(source, path), source.Body);

    public static string Create(StageResult result) => MarkdownFile.Create(result.Properties, result.Body);
}
