using System.Text.Json.Nodes;

namespace Idflow.Cli.Tests;

/// <summary>Runs command lines in this process, in a temporary folder.</summary>
internal sealed class CommandLine : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("idflow-cli-").FullName;

    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Runs a command without a terminal.</summary>
    public async Task<CommandResult> RunAsync(params string[] args) => await RunWithInputAsync("", args);

    public async Task<CommandResult> RunWithInputAsync(string input, params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var environment = new CliEnvironment
        {
            Out = output,
            Error = error,
            In = new StringReader(input),
            Variable = Variables.GetValueOrDefault,
            WorkingDirectory = Folder,
        };
        var exitCode = await Program.RunAsync(environment, args);
        return new CommandResult(exitCode, output.ToString(), error.ToString());
    }

    public string Write(string relativePath, string text)
    {
        var path = Path.Combine(Folder, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>What a command line answered.</summary>
internal sealed record CommandResult(int ExitCode, string Out, string Error)
{
    public JsonNode? Json => JsonNode.Parse(Out);
}
