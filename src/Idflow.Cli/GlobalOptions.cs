using System.CommandLine;

namespace Idflow.Cli;

/// <summary>Options that stand before or after any command.</summary>
internal static class GlobalOptions
{
    public static Option<string?> Project { get; } = new("--project", "-C")
    {
        Description = "The project folder. Default: IDFLOW_PROJECT, else the nearest parent that is a project.",
        HelpName = "DIR",
        Recursive = true,
    };

    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Adds the trace of an error.", Recursive = true };

    public static Option<bool> NoColor { get; } = new("--no-color") { Description = "No colour, whatever the terminal can do.", Recursive = true };

    /// <summary>A new <c>--json</c> switch for a command that lists or shows.</summary>
    public static Option<bool> Json() => new("--json") { Description = "One JSON value instead of text." };

    /// <summary>A new <c>--yes</c> switch for a destructive command.</summary>
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Does it without asking." };
}
