using Idflow.Documents.Stores;

namespace Idflow.Documents.Index;

/// <summary>A folder where a document is expected that has no <c>doc.md</c>: a renamed file, a broken link, or what git left of a document.</summary>
internal static class StrayFolder
{
    /// <returns>Why there is no document, and what to do; null for a folder that does not look like one.</returns>
    public static string? Explain(string folder)
    {
        try
        {
            var entries = new DirectoryInfo(folder).GetFileSystemInfos();
            if (entries.FirstOrDefault(entry => entry.Name == SafeName.DocumentFileName) is { } document)
            {
                return document.LinkTarget is { } target
                    ? $"is a link to {target}, which is not there; mend the link or delete the folder."
                    : "is a folder; a file is needed.";
            }

            return entries.FirstOrDefault(entry => entry.Name.EndsWith(".md", StringComparison.OrdinalIgnoreCase)) is { } renamed
                ? $"is not there, but {renamed.Name} is; a document is in the file doc.md."
                : entries.Any(entry => entry.Name == SafeName.StagesFolderName)
                    ? "is not there, but stages/ of a document are; put the file back or delete the folder."
                    : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
