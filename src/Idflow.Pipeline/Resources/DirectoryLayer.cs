namespace Idflow.Pipeline.Resources;

/// <summary>A layer that is a folder.</summary>
/// <param name="origin">The layer's name.</param>
/// <param name="root">The absolute path of its folder.</param>
/// <param name="projectRoot">Locations are shown relative to this folder where they are below it.</param>
public sealed class DirectoryLayer(string origin, string root, string projectRoot) : IResourceLayer
{
    /// <summary>Build output and caches of project tasks, never resources.</summary>
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal) { "bin", "obj", ".git", ".idflow", "node_modules" };

    public string Origin { get; } = origin;

    public string Root { get; } = root;

    public IEnumerable<ResourceFile> Files(string folder) => FilesOnDisk(folder)
        .Select(file => new ResourceFile(Slashes(Path.GetRelativePath(Root, file.FullName)), Origin, LocationOf(file), file.OpenRead))
        .OrderBy(file => file.RelativePath, StringComparer.Ordinal);

    /// <summary>The files below a folder of the layer, in no order.</summary>
    internal IEnumerable<FileInfo> FilesOnDisk(string folder)
    {
        var start = new DirectoryInfo(Path.Combine(Root, folder));
        return start.Exists ? Walk(start) : [];
    }

    /// <summary>How messages name a file.</summary>
    internal string LocationOf(FileInfo file) =>
        Path.GetRelativePath(projectRoot, file.FullName) is var shown && shown.StartsWith("..", StringComparison.Ordinal) ? file.FullName : Slashes(shown);

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories()
            .Where(child => !Skipped.Contains(child.Name) && !child.Attributes.HasFlag(FileAttributes.ReparsePoint))
            .SelectMany(Walk));

    private static string Slashes(string path) => path.Replace('\\', '/');
}
