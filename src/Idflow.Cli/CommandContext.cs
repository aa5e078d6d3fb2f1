using System.CommandLine;
using Idflow.Cli.Errors;
using Idflow.Cli.Rendering;

namespace Idflow.Cli;

/// <summary>What one run of a command works with.</summary>
internal sealed class CommandContext : IAsyncDisposable
{
    private readonly string? _projectArgument;
    private ProjectSession? _project;

    public CommandContext(CliEnvironment environment, ParseResult parse, CancellationToken cancellationToken)
    {
        Environment = environment;
        Parse = parse;
        CancellationToken = cancellationToken;
        Verbose = parse.GetValue(GlobalOptions.Verbose);
        _projectArgument = parse.GetValue(GlobalOptions.Project);
        Output = new Output(environment, parse.GetValue(GlobalOptions.NoColor));
    }

    public CliEnvironment Environment { get; }

    public ParseResult Parse { get; }

    public Output Output { get; }

    public bool Verbose { get; }

    /// <summary>Cancelled by Ctrl-C and SIGTERM.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Opens the project (once): <c>-C</c>, else <c>IDFLOW_PROJECT</c>, else the nearest parent folder that is one.</summary>
    /// <param name="folder">A command that makes its project names it here; null = as said.</param>
    /// <exception cref="Pipeline.Config.ProjectNotFoundException">There is no project.</exception>
    public async Task<ProjectSession> OpenProjectAsync(string? folder = null) =>
        _project ??= await ProjectSession.OpenAsync(this, folder ?? _projectArgument).ConfigureAwait(false);

    /// <summary>
    /// Asks before something is destroyed: on a terminal the user, elsewhere <paramref name="yes"/> is required.
    /// </summary>
    /// <exception cref="CliException">Not on a terminal and not <paramref name="yes"/>.</exception>
    public bool Confirm(string question, bool yes)
    {
        if (yes)
        {
            return true;
        }

        if (!Environment.IsInTerminal || !Environment.IsErrorTerminal)
        {
            throw CliException.Usage($"{question} Not asked, because this is not a terminal.", "Give --yes to go ahead.");
        }

        Environment.Error.Write($"{question} [y/N] ");
        return Environment.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    public async ValueTask DisposeAsync()
    {
        if (_project is not null)
        {
            await _project.DisposeAsync().ConfigureAwait(false);
        }
    }
}
