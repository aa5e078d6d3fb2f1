using System.CommandLine;
using Idflow.Cli.Errors;

namespace Idflow.Cli;

/// <summary>Runs the body of a command: gives it its context, turns what it throws into an error message and an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>Sets a command's action. The body answers the exit code.</summary>
    public static Command Does(this Command command, CliEnvironment environment, Func<CommandContext, Task<int>> body)
    {
        command.SetAction((parse, cancellationToken) => RunAsync(environment, parse, body, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliEnvironment environment, ParseResult parse, Func<CommandContext, Task<int>> body, CancellationToken cancellationToken)
    {
        await using var context = new CommandContext(environment, parse, cancellationToken);
        try
        {
            return await body(context).ConfigureAwait(false);
        }
        catch (IOException error) when (IsClosedPipe(error))
        {
            return ExitCodes.Done;
        }
#pragma warning disable CA1031 // the one place where every error becomes a message
        catch (Exception error)
#pragma warning restore CA1031
        {
            var description = ErrorDescription.Of(error);
            context.Output.Error(description.Message, description.Hint);
            if (context.Verbose)
            {
                context.Environment.Error.WriteLine(error);
            }

            return description.ExitCode;
        }
    }

    /// <summary>EPIPE: the reader of stdout has gone (<c>idflow doc list | head</c>).</summary>
    private static bool IsClosedPipe(IOException error) => (error.HResult & 0xffff) is 32 or 109 || error.Message.Contains("Broken pipe", StringComparison.Ordinal);
}
