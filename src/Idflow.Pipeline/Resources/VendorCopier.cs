namespace Idflow.Pipeline.Resources;

/// <summary>One file of a lower layer that can be, or was, copied into the project.</summary>
public sealed record CopiedFile(string RelativePath, string Origin, bool Existed);

/// <summary>Copies resources of core or of a vendor into the project, where they can be changed.</summary>
public static class VendorCopier
{
    /// <param name="layer">The layer to copy from.</param>
    /// <param name="projectRoot">The project folder.</param>
    /// <param name="paths">Relative paths of files or folders (<c>stages</c>, <c>workflows/research_topic</c>); none = everything.</param>
    /// <param name="overwrite">True: files that exist in the project are replaced; else they are left alone and reported.</param>
    /// <exception cref="UnknownNameException">The layer has nothing at one of the paths.</exception>
    public static IReadOnlyList<CopiedFile> Copy(IResourceLayer layer, string projectRoot, IReadOnlyList<string> paths, bool overwrite)
    {
        var all = ResourceOverlay.Kinds.SelectMany(layer.Files).ToList();
        var chosen = new List<ResourceFile>();
        foreach (var path in paths.Select(path => path.Replace('\\', '/').TrimEnd('/')))
        {
            var found = all.Where(file => file.RelativePath == path || file.RelativePath.StartsWith(path + "/", StringComparison.Ordinal)).ToList();
            if (found.Count == 0)
            {
                throw new UnknownNameException($"{layer.Origin} has nothing at '{path}'. {Sources.MapReader.Suggest(path, [.. Places(all)])}");
            }

            chosen.AddRange(found);
        }

        return [.. (paths.Count == 0 ? all : chosen.DistinctBy(file => file.RelativePath)).Select(file => CopyFile(file, projectRoot, overwrite))];
    }

    /// <summary>Folders and files that can be named.</summary>
    private static IEnumerable<string> Places(IEnumerable<ResourceFile> files) => files
        .Select(file => string.Join('/', file.RelativePath.Split('/').Take(2)))
        .Distinct(StringComparer.Ordinal);

    private static CopiedFile CopyFile(ResourceFile file, string projectRoot, bool overwrite)
    {
        var target = Path.Combine(projectRoot, file.RelativePath);
        var existed = File.Exists(target);
        if (!existed || overwrite)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var temporary = target + ".new";
            using (var source = file.Open())
            using (var stream = File.Create(temporary))
            {
                source.CopyTo(stream);
            }

            File.Move(temporary, target, overwrite: true);
        }

        return new CopiedFile(file.RelativePath, file.Origin, existed);
    }
}
