using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Idflow.Cli.Rendering;
using Idflow.Documents;

namespace Idflow.Cli;

/// <summary>Wrong usage: what is wrong, the nearest known name, where the help is.</summary>
internal static partial class UsageErrors
{
    /// <summary>The exit code when the arguments cannot be parsed, after saying so; null when they can.</summary>
    public static int? Report(CliEnvironment environment, ParseResult parse)
    {
        var mistaken = MistakenOption(parse);
        if ((parse.Errors.Count == 0 && mistaken is null) || AsksForHelp(parse))
        {
            return null;
        }

        var output = new Output(environment, parse.GetValue(GlobalOptions.NoColor));
        var command = parse.CommandResult.Command;
        var unknown = mistaken ?? (parse.UnmatchedTokens.Count > 0 ? parse.UnmatchedTokens[0] : null);
        var message = unknown is null ? Plain(parse.Errors[0].Message)
            : command.Subcommands.Count > 0 ? $"'{unknown}' is not a command of '{PathOf(parse.CommandResult)}'."
            : $"'{unknown}' is not an argument of '{PathOf(parse.CommandResult)}'.";
        var nearest = unknown is null ? null : NearestName.Of(unknown.Split('=')[0], NamesAt(command));
        output.Error(message, (nearest is null ? "" : $"Did you mean '{nearest}'? ") + $"See '{PathOf(parse.CommandResult)} --help'.");
        return ExitCodes.Usage;
    }

    /// <summary>The parser takes an option that it does not know for an argument, so <c>doc add --titel=x</c> would be a document's text. After <c>--</c> anything is an argument.</summary>
    private static string? MistakenOption(ParseResult parse)
    {
        var written = parse.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).ToHashSet(ReferenceEqualityComparer.Instance);
        return parse.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .FirstOrDefault(token => written.Contains(token) && OptionLike().IsMatch(token.Value))?.Value;
    }

    /// <summary>The parser's message on one line, without the names of .NET types.</summary>
    private static string Plain(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var first = TypeName().Replace(lines[0], match =>
            lines.Length > 1 ? ". It is one of:" : match.Groups["type"].Value.Contains("Int", StringComparison.Ordinal) ? ": a whole number is needed." : ".");
        return string.Join(' ', [first, string.Join(", ", lines.Skip(1))]).TrimEnd();
    }

    [GeneratedRegex("^--?[A-Za-z][A-Za-z0-9-]*(=.*)?$", RegexOptions.Singleline)]
    private static partial Regex OptionLike();

    [GeneratedRegex(" as expected type '(?<type>.*?)'\\..*$")]
    private static partial Regex TypeName();

    private static bool AsksForHelp(ParseResult parse) => parse.Tokens.Any(token => token.Value is "--help" or "-h" or "-?");

    private static IEnumerable<string> NamesAt(Command command) =>
        command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name).Concat(command.Options.Select(option => option.Name));

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "idflow";
}
