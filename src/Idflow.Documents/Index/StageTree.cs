using System.Globalization;
using System.IO.Enumeration;
using Idflow.Documents.Stores;
using Idflow.Documents.Stores.FileSystem;

namespace Idflow.Documents.Index;

/// <summary>What stands under <c>stages/</c> of a document folder: every folder and Markdown file, to be watched, the runs, and what a crash may have left (paths below the document folder).</summary>
internal sealed record StageTree(IReadOnlyList<string> Watched, IReadOnlyList<StageFolder> Runs, IReadOnlyList<string> Leftovers)
{
    private static readonly EnumerationOptions Recursive = new() { AttributesToSkip = 0, IgnoreInaccessible = true, RecurseSubdirectories = true };

    public static StageTree Empty { get; } = new([], [], []);

    public static StageTree List(string documentFolder)
    {
        var root = Path.Combine(documentFolder, SafeName.StagesFolderName);
        if (!Directory.Exists(root))
        {
            return Empty;
        }

        var leftovers = new List<string>();
        var entries = new FileSystemEnumerable<string>(root, (ref entry) => BelowFolder(ref entry, documentFolder), Recursive)
        {
            ShouldIncludePredicate = (ref entry) =>
            {
                if (Leftover.IsInside(entry.FileName))
                {
                    leftovers.Add(BelowFolder(ref entry, documentFolder));
                }

                return entry.FileName[0] != '.' && (entry.IsDirectory || entry.FileName.EndsWith(".md"));
            },
            ShouldRecursePredicate = (ref entry) => entry.FileName[0] != '.' && (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        }.Prepend(SafeName.StagesFolderName).Order(StringComparer.Ordinal).ToArray();
        return new StageTree(entries, RunsAmong(entries), leftovers);
    }

    /// <summary>Folders <c>stages/name/counter</c>, by name and counter, each with the files below it.</summary>
    private static List<StageFolder> RunsAmong(string[] entries)
    {
        var runs = new List<StageFolder>();
        foreach (var path in entries)
        {
            if (path.Split('/') is [_, var name, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var counter))
            {
                var files = entries.Where(entry => entry.EndsWith(".md", StringComparison.Ordinal) && entry.StartsWith(path + "/", StringComparison.Ordinal))
                    .Select(entry => entry[(path.Length + 1)..]).ToList();
                runs.Add(new StageFolder(name, counter, path, files.Remove(SafeName.StageFileName), files));
            }
        }

        return [.. runs.OrderBy(run => run.Name, StringComparer.Ordinal).ThenBy(run => run.Counter)];
    }

    private static string BelowFolder(ref FileSystemEntry entry, string documentFolder)
    {
        var folder = entry.Directory[(documentFolder.Length + 1)..];
        return $"{folder}/{entry.FileName}".Replace(Path.DirectorySeparatorChar, '/');
    }
}
