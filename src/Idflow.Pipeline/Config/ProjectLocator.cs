using Idflow.Documents.Model;

namespace Idflow.Pipeline.Config;

/// <summary>There is no project where one was looked for.</summary>
public sealed class ProjectNotFoundException(string message) : PipelineException(message);

/// <summary>Finds the project that a command works on.</summary>
public static class ProjectLocator
{
    /// <summary>The project's configuration file, below its folder.</summary>
    public const string ConfigFile = "config/idflow.yml";

    /// <param name="project">The folder that was named; null = the nearest parent of the working folder that is a project.</param>
    /// <param name="workingDirectory">The absolute path of the working folder.</param>
    /// <returns>The absolute path of the project folder.</returns>
    /// <exception cref="ProjectNotFoundException">The named folder is no project, or no parent is one.</exception>
    public static string Find(string? project, string workingDirectory)
    {
        if (project is not null)
        {
            var named = Path.GetFullPath(project, workingDirectory);
            return IsProject(named) ? named : throw new ProjectNotFoundException(Directory.Exists(named)
                ? $"{named} is not an idflow project: it has neither {ConfigFile} nor a data folder. Make one with: idflow init {project}"
                : $"The project folder {named} does not exist.");
        }

        for (var folder = new DirectoryInfo(workingDirectory); folder is not null; folder = folder.Parent)
        {
            if (IsProject(folder.FullName))
            {
                return folder.FullName;
            }
        }

        throw new ProjectNotFoundException($"Neither {workingDirectory} nor a folder above it is an idflow project. Make one with 'idflow init', or name one with -C DIR.");
    }

    /// <summary>True where <c>config/idflow.yml</c> is, or a <c>data</c> folder with a folder named for a status.</summary>
    public static bool IsProject(string folder) =>
        File.Exists(Path.Combine(folder, ConfigFile))
        || Enum.GetNames<DocumentStatus>().Any(status => Directory.Exists(Path.Combine(folder, "data", status.ToLowerInvariant())));
}
