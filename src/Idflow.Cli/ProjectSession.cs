namespace Idflow.Cli;

/// <summary>An open project: its configuration and, on first use, its documents, stages and engine. The composition root.</summary>
internal sealed class ProjectSession : IAsyncDisposable
{
    private ProjectSession(string root)
    {
        Root = root;
    }

    /// <summary>The absolute path of the project folder.</summary>
    public string Root { get; }

    public static Task<ProjectSession> OpenAsync(CommandContext context, string? projectArgument)
    {
        var folder = Path.GetFullPath(projectArgument ?? context.Environment.Variable("IDFLOW_PROJECT") ?? context.Environment.WorkingDirectory, context.Environment.WorkingDirectory);
        return Task.FromResult(new ProjectSession(folder));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
