using System.IO.Enumeration;
using Idflow.Cli.Errors;

namespace Idflow.Cli.Commands.Doc;

/// <summary>Which files an import takes.</summary>
internal static class ImportFiles
{
    private static readonly string[] Patterns = ["*.md", "*.markdown", "*.txt"];

    /// <summary>The named files, and those in named folders that match, by name; hidden files and folders are left out.</summary>
    /// <exception cref="CliException">A path does not exist.</exception>
    public static IEnumerable<string> Find(string workingDirectory, IEnumerable<string> paths, string? glob)
    {
        foreach (var path in paths)
        {
            var full = Path.GetFullPath(path, workingDirectory);
            if (File.Exists(full))
            {
                yield return full;
                continue;
            }

            if (!Directory.Exists(full))
            {
                throw CliException.Usage($"There is no file or folder {path}.");
            }

            var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = true };
            var found = Directory.EnumerateFiles(full, "*", options).Where(file => Matches(Path.GetFileName(file), glob));
            foreach (var file in found.Order(StringComparer.Ordinal))
            {
                yield return file;
            }
        }
    }

    private static bool Matches(string name, string? glob) => glob is null
        ? Patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name))
        : FileSystemName.MatchesSimpleExpression(glob, name, ignoreCase: false);
}
