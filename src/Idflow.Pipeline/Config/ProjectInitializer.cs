using System.Reflection;

namespace Idflow.Pipeline.Config;

/// <summary>Makes a new project.</summary>
public static class ProjectInitializer
{
    private const string Prefix = "template/";

    private static readonly Assembly Assembly = typeof(ProjectInitializer).Assembly;

    /// <summary>
    /// Makes a project in a folder: built beside it and renamed into place, so that a failure leaves nothing half-made. In a folder
    /// that exists, what is missing is added and nothing is overwritten.
    /// </summary>
    /// <param name="folder">The absolute path.</param>
    /// <param name="empty">True: without the explanations in the folders.</param>
    /// <returns>The files that were made, relative to the folder.</returns>
    /// <exception cref="PipelineException">It is a project already, or a file.</exception>
    public static IReadOnlyList<string> Create(string folder, bool empty = false)
    {
        if (File.Exists(folder))
        {
            throw new PipelineException($"{folder} is a file; name a folder for the project.");
        }

        if (ProjectLocator.IsProject(folder))
        {
            throw new PipelineException($"{folder} is an idflow project already; nothing was changed.");
        }

        var target = Path.TrimEndingDirectorySeparator(folder);
        var parent = Directory.Exists(target) ? target : Path.GetDirectoryName(target) ?? target;
        Directory.CreateDirectory(parent);
        var staging = Path.Combine(parent, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}");
        try
        {
            var files = Write(staging, empty);
            if (Directory.Exists(target))
            {
                return AddMissing(staging, target, files);
            }

            Directory.Move(staging, target);
            return files;
        }
        finally
        {
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }
    }

    private static List<string> Write(string staging, bool empty)
    {
        var files = new List<string>();
        foreach (var name in Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var path = name.Replace('\\', '/')[Prefix.Length..];
            var isExplanation = path.EndsWith("/README.md", StringComparison.Ordinal);
            var relative = path == "gitignore" ? ".gitignore" : isExplanation && empty ? path.Replace("README.md", ".gitkeep", StringComparison.Ordinal) : path;
            var file = Path.Combine(staging, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using var target = File.Create(file);
            if (!(isExplanation && empty))
            {
                using var source = Assembly.GetManifestResourceStream(name)!;
                source.CopyTo(target);
            }

            files.Add(relative);
        }

        return files;
    }

    private static List<string> AddMissing(string staging, string target, List<string> files)
    {
        var added = new List<string>();

        // The configuration makes the folder a project, so it comes last.
        foreach (var file in files.OrderBy(file => file == ProjectLocator.ConfigFile))
        {
            var destination = Path.Combine(target, file);
            if (!File.Exists(destination))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
                File.Move(Path.Combine(staging, file), destination);
                added.Add(file);
            }
        }

        return added;
    }
}
