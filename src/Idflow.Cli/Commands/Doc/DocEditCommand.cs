using System.CommandLine;
using System.Diagnostics;
using Idflow.Cli.Errors;
using Idflow.Documents;

namespace Idflow.Cli.Commands.Doc;

/// <summary><c>idflow doc edit</c>: opens the document's file in the user's editor, then checks it and evaluates its stages.</summary>
internal static class DocEditCommand
{
    private static readonly string[] EditorVariables = ["VISUAL", "EDITOR"];

    public static Command Create(CliEnvironment environment)
    {
        var id = DocCommand.Id();
        var command = new Command("edit", "Opens a document in $VISUAL or $EDITOR and checks the result; a broken text is kept where it is.") { id };
        command.WithExamples("idflow doc edit 3f2a91c0", "EDITOR='code --wait' idflow doc edit 3f2a91c0");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var full = await project.Documents.ResolveIdAsync(context.Parse.GetRequiredValue(id), context.CancellationToken).ConfigureAwait(false);
            var path = await project.Locator.LocateAsync(full, context.CancellationToken).ConfigureAwait(false);
            await RunEditorAsync(context, path).ConfigureAwait(false);
            try
            {
                await project.Documents.GetAsync(full, context.CancellationToken).ConfigureAwait(false);
            }
            catch (DocumentFormatException broken)
            {
                throw new CliException(ExitCodes.ProjectDamaged, broken.Message, $"The text is kept as you left it. Mend it with: idflow doc edit {full}", broken);
            }

            project.Report(await project.Evaluator.EvaluateAsync(full, cancellationToken: context.CancellationToken).ConfigureAwait(false));
            return ExitCodes.Done;
        });
    }

    private static async Task RunEditorAsync(CommandContext context, string path)
    {
        var editor = EditorVariables.Select(context.Environment.Variable).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "vi";

        // As git does: the variable is a shell command line, the file its last argument.
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd.exe", ["/c", $"{editor} \"{path}\""])
            : new ProcessStartInfo("/bin/sh", ["-c", $"{editor} \"$1\"", "sh", path]);
        start.UseShellExecute = false;
        using var process = Process.Start(start) ?? throw new CliException(ExitCodes.Failed, $"The editor '{editor}' could not be started.");
        await process.WaitForExitAsync(context.CancellationToken).ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new CliException(ExitCodes.Failed, $"The editor '{editor}' ended with exit code {process.ExitCode}.", "Set VISUAL or EDITOR to an editor that is installed.");
        }
    }
}
