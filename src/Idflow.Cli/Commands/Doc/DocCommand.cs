using System.CommandLine;

namespace Idflow.Cli.Commands.Doc;

/// <summary><c>idflow doc</c>: the documents of a project.</summary>
internal static class DocCommand
{
    public static Command Create(CliEnvironment environment) => new("doc", "The documents of a project.")
    {
        DocAddCommand.Create(environment),
        DocImportCommand.Create(environment),
        DocListCommand.Create(environment),
        DocShowCommand.Create(environment),
        DocLocateCommand.Create(environment),
        DocModifyCommand.Create(environment),
        DocEditCommand.Create(environment),
        DocSetStatusCommand.Create(environment),
        DocSearchCommand.Create(environment),
        DocDropCommand.Create(environment),
        DocDropAllCommand.Create(environment),
    };

    /// <summary>A new argument that names one document.</summary>
    public static Argument<string> Id() => new("ID") { Description = "The document's id, or at least 4 characters that only it begins with." };
}
