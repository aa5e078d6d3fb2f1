using System.CommandLine;
using System.CommandLine.Parsing;
using Idflow.Cli.Rendering;
using Idflow.Documents;

namespace Idflow.Cli;

/// <summary>Wrong usage: what is wrong, the nearest known name, where the help is.</summary>
internal static class UsageErrors
{
    /// <summary>The exit code when the arguments cannot be parsed, after saying so; null when they can.</summary>
    public static int? Report(CliEnvironment environment, ParseResult parse)
    {
        if (parse.Errors.Count == 0 || AsksForHelp(parse))
        {
            return null;
        }

        var output = new Output(environment, parse.GetValue(GlobalOptions.NoColor));
        var command = parse.CommandResult.Command;
        var unknown = parse.UnmatchedTokens.Count > 0 ? parse.UnmatchedTokens[0] : null;
        var message = unknown is null ? parse.Errors[0].Message
            : command.Subcommands.Count > 0 ? $"'{unknown}' is not a command of '{PathOf(parse.CommandResult)}'."
            : $"'{unknown}' is not an argument of '{PathOf(parse.CommandResult)}'.";
        var nearest = unknown is null ? null : NearestName.Of(unknown, NamesAt(command));
        output.Error(message, (nearest is null ? "" : $"Did you mean '{nearest}'? ") + $"See '{PathOf(parse.CommandResult)} --help'.");
        return ExitCodes.Usage;
    }

    private static bool AsksForHelp(ParseResult parse) => parse.Tokens.Any(token => token.Value is "--help" or "-h" or "-?");

    private static IEnumerable<string> NamesAt(Command command) =>
        command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name).Concat(command.Options.Select(option => option.Name));

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "idflow";
}
