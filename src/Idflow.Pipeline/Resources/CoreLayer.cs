using System.Reflection;

namespace Idflow.Pipeline.Resources;

/// <summary>What idflow ships: stages, workflows and prompts inside its own assembly.</summary>
public sealed class CoreLayer : IResourceLayer
{
    private const string Prefix = "core/";

    private static readonly Assembly Assembly = typeof(CoreLayer).Assembly;

    public string Origin => "core";

    public IEnumerable<ResourceFile> Files(string folder) => Assembly.GetManifestResourceNames()
        .Where(name => name.Replace('\\', '/').StartsWith($"{Prefix}{folder}/", StringComparison.Ordinal))
        .Select(name => (Name: name, Path: name.Replace('\\', '/')[Prefix.Length..]))
        .OrderBy(item => item.Path, StringComparer.Ordinal)
        .Select(item => new ResourceFile(item.Path, Origin, $"core:{item.Path}", () => Assembly.GetManifestResourceStream(item.Name)!));
}
