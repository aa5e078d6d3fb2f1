using Idflow.Pipeline.Config;

namespace Idflow.Pipeline.Resources;

/// <summary>
/// The resources of a project: core, below the vendors by priority, below the project. Stages merge by name; of workflows and
/// tasks the highest layer's whole folder wins, of prompts the single file.
/// </summary>
public sealed class ResourceOverlay(IReadOnlyList<IResourceLayer> layers)
{
    public const string Stages = "stages";
    public const string Workflows = "workflows";
    public const string Prompts = "prompts";
    public const string Tasks = "tasks";

    /// <summary>The kinds of resources: folders of every layer.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Stages, Workflows, Prompts, Tasks];

    /// <summary>From the lowest to the highest.</summary>
    public IReadOnlyList<IResourceLayer> Layers { get; } = layers;

    /// <summary>The overlay of a project with its enabled vendors that are there.</summary>
    public static ResourceOverlay Of(ProjectConfig config, IEnumerable<Vendor> vendors)
    {
        var available = vendors.Where(vendor => vendor is { Enabled: true, IsAvailable: true })
            .OrderBy(vendor => vendor.Priority).ThenBy(vendor => vendor.Name, StringComparer.Ordinal)
            .Select(vendor => new DirectoryLayer($"vendor:{vendor.Name}", vendor.Folder, config.Root));
        return new([new CoreLayer(), .. available, new DirectoryLayer("project", config.Root, config.Root)]);
    }

    /// <summary>Stage definition files (<c>stages/*.yml</c>) of all layers, the lowest layer first.</summary>
    public IEnumerable<ResourceFile> StageFiles() => Layers.SelectMany(layer => layer.Files(Stages))
        .Where(file => file.RelativePath.Count(character => character == '/') == 1 && file.Name.EndsWith(".yml", StringComparison.Ordinal));

    /// <summary>Workflow definition files (<c>workflows/FOLDER/**/*.json</c>), of each folder the highest layer's.</summary>
    public IEnumerable<ResourceFile> WorkflowFiles() => WorkflowFolderFiles().Where(file => file.Name != EventHandlersName);

    /// <summary>Event handler files: <c>event_handlers.json</c> in workflow folders.</summary>
    public IEnumerable<ResourceFile> EventHandlerFiles() => WorkflowFolderFiles().Where(file => file.Name == EventHandlersName);

    /// <summary>Files of task folders (<c>tasks/FOLDER/**</c>), of each folder the highest layer's.</summary>
    public IEnumerable<ResourceFile> TaskFiles() => FolderWins(Tasks);

    /// <summary>The prompt <c>prompts/NAME.md</c> of the highest layer that has it; null when none has.</summary>
    public ResourceFile? FindPrompt(string name) => PromptFiles().FirstOrDefault(file => file.RelativePath == $"{Prompts}/{name}.md");

    /// <summary>All prompt files, of each path the highest layer's.</summary>
    public IEnumerable<ResourceFile> PromptFiles() => Layers.Reverse().SelectMany(layer => layer.Files(Prompts))
        .DistinctBy(file => file.RelativePath, StringComparer.Ordinal)
        .OrderBy(file => file.RelativePath, StringComparer.Ordinal);

    private const string EventHandlersName = "event_handlers.json";

    private IEnumerable<ResourceFile> WorkflowFolderFiles() => FolderWins(Workflows).Where(file => file.Name.EndsWith(".json", StringComparison.Ordinal));

    private IEnumerable<ResourceFile> FolderWins(string kind) => Layers.Reverse()
        .SelectMany((layer, rank) => layer.Files(kind).Where(file => file.RelativePath.Count(character => character == '/') > 1).Select(file => (File: file, Folder: file.RelativePath.Split('/')[1], Rank: rank)))
        .GroupBy(item => item.Folder, StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .SelectMany(group => group.Where(item => item.Rank == group.Min(other => other.Rank)).Select(item => item.File));
}
