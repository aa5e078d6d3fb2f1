namespace Idflow.Documents.Tests.TestKit;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("idflow-documents-").FullName;

    public string File(params string[] steps) => System.IO.Path.Combine([Path, .. steps]);

    public static void Copy(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.EnumerateFiles(source))
        {
            System.IO.File.Copy(file, System.IO.Path.Combine(target, System.IO.Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(source))
        {
            Copy(folder, System.IO.Path.Combine(target, System.IO.Path.GetFileName(folder)));
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
