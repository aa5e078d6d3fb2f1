using Idflow.Workers.Sources;

namespace Idflow.Workers.Tests.Fakes;

/// <summary>A project's tasks folder and cache in a new temporary folder.</summary>
internal sealed class TaskFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("idflow-tasks-");

    public string Tasks => Path.Combine(_root.FullName, "tasks");

    public string Cache => Path.Combine(_root.FullName, "cache");

    public TaskSource Write(string name, string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Tasks, name)).FullName;
        var path = Path.Combine(folder, name + ".cs");
        File.WriteAllText(path, text);
        return new TaskSource(name, path);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
