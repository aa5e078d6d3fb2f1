using System.IO.Enumeration;
using Idflow.Cli.Errors;

namespace Idflow.Cli.Commands.Doc;

/// <summary>Which files an import takes.</summary>
internal static class ImportFiles
{
    private static readonly string[] Patterns = ["*.md", "*.markdown", "*.txt"];

    /// <summary>Which names are taken in folders where no pattern is given.</summary>
    public static string DefaultPatterns { get; } = string.Join(", ", Patterns);

    /// <summary>
    /// The named files, those in named folders that match, and those that match a named pattern (wildcards in the last part of
    /// the path), by name; hidden files and folders are left out.
    /// </summary>
    /// <exception cref="CliException">A path does not exist, or a pattern matches nothing; no file was taken then.</exception>
    public static IReadOnlyList<string> Find(string workingDirectory, IEnumerable<string> paths, string? glob) =>
        [.. paths.SelectMany(path => FindOne(path, Path.GetFullPath(path, workingDirectory), glob)).Distinct(StringComparer.Ordinal)];

    private static string[] FindOne(string path, string full, string? glob)
    {
        if (File.Exists(full))
        {
            return [full];
        }

        if (Directory.Exists(full))
        {
            return Search(full, recurse: true, name => Matches(name, glob));
        }

        var (folder, pattern) = (Path.GetDirectoryName(full), Path.GetFileName(full));
        var found = pattern.AsSpan().ContainsAny('*', '?') && Directory.Exists(folder)
            ? Search(folder, recurse: false, name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
            : [];
        return found.Length > 0 ? found : throw CliException.Usage($"There is no file or folder {path}.");
    }

    private static string[] Search(string folder, bool recurse, Func<string, bool> matches)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = recurse, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = true };
        return [.. Directory.EnumerateFiles(folder, "*", options).Where(file => matches(Path.GetFileName(file))).Order(StringComparer.Ordinal)];
    }

    private static bool Matches(string name, string? glob) => glob is null
        ? Patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name))
        : FileSystemName.MatchesSimpleExpression(glob, name, ignoreCase: false);
}
