namespace Idflow.Cli.Errors;

/// <summary>An error of the command line itself: what is wrong and where, what to do about it, and the exit code.</summary>
internal sealed class CliException(int exitCode, string message, string? hint = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    public int ExitCode { get; } = exitCode;

    public string? Hint { get; } = hint;

    public static CliException Usage(string message, string? hint = null) => new(ExitCodes.Usage, message, hint);

    public static CliException NotFound(string message, string? hint = null) => new(ExitCodes.NotFound, message, hint);
}
