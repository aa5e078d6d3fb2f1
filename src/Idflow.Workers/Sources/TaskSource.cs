namespace Idflow.Workers.Sources;

/// <summary>A project's own task: <c>tasks/&lt;name&gt;/&lt;name&gt;.cs</c>, a .NET file-based program without a main method.</summary>
/// <param name="Name">The folder's name. The names of the tasks in it come from their attributes.</param>
/// <param name="Path">The absolute path of the source file.</param>
public sealed record TaskSource(string Name, string Path)
{
    /// <summary>The sources under a project's tasks folder, by name. A folder without a file of its own name is not a task.</summary>
    public static IReadOnlyList<TaskSource> FindAll(string tasksDirectory)
    {
        if (!Directory.Exists(tasksDirectory))
        {
            return [];
        }

        return
        [
            .. Directory.EnumerateDirectories(tasksDirectory)
                .Select(folder => (Name: System.IO.Path.GetFileName(folder), Folder: folder))
                .Select(f => new TaskSource(f.Name, System.IO.Path.GetFullPath(System.IO.Path.Combine(f.Folder, f.Name + ".cs"))))
                .Where(s => File.Exists(s.Path))
                .OrderBy(s => s.Name, StringComparer.Ordinal),
        ];
    }
}
