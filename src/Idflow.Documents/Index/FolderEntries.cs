using System.IO.Enumeration;
using Idflow.Documents.Stores;
using Idflow.Documents.Stores.FileSystem;

namespace Idflow.Documents.Index;

/// <summary>What stands in a document folder itself, beside the files that <c>doc.md</c> names.</summary>
/// <param name="HasStages">Whether there is a <c>stages/</c>.</param>
/// <param name="Leftovers">Names that a crash may have left.</param>
internal sealed record FolderEntries(bool HasStages, IReadOnlyList<string> Leftovers)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    public static FolderEntries List(string documentFolder)
    {
        if (!Directory.Exists(documentFolder))
        {
            return new FolderEntries(HasStages: false, []);
        }

        var found = new FileSystemEnumerable<string>(documentFolder, (ref entry) => entry.FileName.ToString(), Everything)
        {
            ShouldIncludePredicate = (ref entry) => entry.FileName is SafeName.StagesFolderName || Leftover.IsInside(entry.FileName),
        }.ToList();
        return new FolderEntries(found.Remove(SafeName.StagesFolderName), found);
    }
}
