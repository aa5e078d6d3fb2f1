using Idflow.Cli.Errors;

namespace Idflow.Cli.Commands.Doc;

/// <summary>Where the text of a document comes from.</summary>
internal static class BodyInput
{
    /// <summary>The argument itself; <c>-</c>, or nothing while stdin is not a terminal, reads stdin.</summary>
    public static async Task<string> OfNewDocumentAsync(CommandContext context, string? argument) =>
        argument is not null and not "-" ? argument
        : argument is null && context.Environment.IsInTerminal ? ""
        : await context.Environment.In.ReadToEndAsync(context.CancellationToken).ConfigureAwait(false);

    /// <summary>The text of a file, or stdin for <c>-</c>.</summary>
    /// <exception cref="CliException">There is no such file.</exception>
    public static async Task<string> OfFileAsync(CommandContext context, string path)
    {
        if (path == "-")
        {
            return await context.Environment.In.ReadToEndAsync(context.CancellationToken).ConfigureAwait(false);
        }

        var full = Path.GetFullPath(path, context.Environment.WorkingDirectory);
        return File.Exists(full)
            ? await File.ReadAllTextAsync(full, context.CancellationToken).ConfigureAwait(false)
            : throw CliException.Usage($"--body: there is no file {path}.", "Give - to read the text from stdin.");
    }
}
