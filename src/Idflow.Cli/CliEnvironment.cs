namespace Idflow.Cli;

/// <summary>The process around the command line: streams, terminal, environment, working folder. Tests give their own.</summary>
internal sealed class CliEnvironment
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    public required Func<string, string?> Variable { get; init; }

    /// <summary>The names of all environment variables.</summary>
    public Func<IReadOnlyCollection<string>> VariableNames { get; init; } = static () => [];

    public required string WorkingDirectory { get; init; }

    public bool IsOutTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    public bool IsInTerminal { get; init; }

    public int TerminalWidth { get; init; } = 120;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public static CliEnvironment OfProcess()
    {
        var outRedirected = Console.IsOutputRedirected;
        return new CliEnvironment
        {
            Out = Console.Out,
            Error = Console.Error,
            In = Console.In,
            Variable = Environment.GetEnvironmentVariable,
            VariableNames = static () => [.. Environment.GetEnvironmentVariables().Keys.Cast<string>()],
            WorkingDirectory = Environment.CurrentDirectory,
            IsOutTerminal = !outRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
            IsInTerminal = !Console.IsInputRedirected,
            TerminalWidth = outRedirected ? 120 : Math.Max(40, Console.WindowWidth),
        };
    }
}
