namespace Idflow.Pipeline.Resources;

/// <summary>The files that make up a project's configuration and resources, each with its time and size: tells what changed on disk.</summary>
public sealed class ResourceStamps
{
    private readonly Dictionary<string, Stamp> _files = new(StringComparer.Ordinal);

    private ResourceStamps()
    {
    }

    /// <summary>Takes the stamps of the project's configuration and of the resources in its folders and its vendors'.</summary>
    /// <exception cref="IOException">A folder vanished just now.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder cannot be read.</exception>
    public static ResourceStamps Take(ProjectResources resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        var (config, stamps) = (resources.Config, new ResourceStamps());
        var project = new DirectoryLayer("project", config.Root, config.Root);
        if (config.File is { } configuration)
        {
            stamps.Add(project, new FileInfo(configuration), null);
        }

        foreach (var vendor in VendorCatalog.Files(config))
        {
            stamps.Add(project, vendor, null);
        }

        foreach (var layer in resources.Overlay.Layers.OfType<DirectoryLayer>())
        {
            foreach (var kind in ResourceOverlay.Kinds)
            {
                layer.FilesOnDisk(kind).Where(file => IsOf(kind, file)).ToList().ForEach(file => stamps.Add(layer, file, kind));
            }
        }

        return stamps;
    }

    /// <summary>The files that are new, changed or gone since, by location.</summary>
    public IReadOnlyList<ResourceChange> ChangedSince(ResourceStamps before)
    {
        ArgumentNullException.ThrowIfNull(before);
        var written = _files.Where(file => !before._files.TryGetValue(file.Key, out var stamp) || stamp != file.Value);
        var gone = before._files.Where(file => !_files.ContainsKey(file.Key));
        return [.. written.Concat(gone).Select(file => new ResourceChange(file.Key, file.Value.Kind)).OrderBy(change => change.Location, StringComparer.Ordinal)];
    }

    private static bool IsOf(string kind, FileInfo file) => kind switch
    {
        ResourceOverlay.Stages => file.Extension == ".yml",
        ResourceOverlay.Workflows => file.Extension == ".json",
        _ => true,
    };

    private void Add(DirectoryLayer layer, FileInfo file, string? kind)
    {
        if (file.Exists)
        {
            _files[layer.LocationOf(file)] = new Stamp(kind, file.LastWriteTimeUtc, file.Length);
        }
    }

    private sealed record Stamp(string? Kind, DateTime Changed, long Bytes);
}
