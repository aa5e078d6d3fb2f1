using System.Text.Json.Nodes;

namespace Idflow.Cli.Tests.TestKit;

/// <summary>A project in a temporary folder, gone after the test.</summary>
internal sealed class ProjectFolder : IDisposable
{
    public ProjectFolder()
    {
        Directory.CreateDirectory(File("config"));
        System.IO.File.WriteAllText(File("config", "idflow.yml"), "base_dir: data\n");
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("idflow-cli-").FullName;

    public string File(params string[] steps) => System.IO.Path.Combine([Path, .. steps]);

    public string Write(string name, string text)
    {
        var path = File(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public Task<ProcessResult> RunAsync(params string[] arguments) => IdflowProcess.RunAsync(Path, arguments);

    public Task<ProcessResult> RunWithInputAsync(string stdin, params string[] arguments) => IdflowProcess.RunAsync(Path, arguments, stdin);

    /// <summary>Adds a document with that text and answers its id.</summary>
    public async Task<string> AddAsync(string body, params string[] options) =>
        (await RunAsync(["doc", "add", body, .. options])).Succeeded().Text;

    public async Task<JsonNode> JsonAsync(params string[] arguments) =>
        JsonNode.Parse((await RunAsync(arguments)).Succeeded().Out)!;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
