using Idflow.Pipeline.Config;

namespace Idflow.Cli;

/// <summary>An open project: its configuration and, on first use, its documents, stages and engine. The composition root.</summary>
internal sealed class ProjectSession : IAsyncDisposable
{
    private ProjectSession(CommandContext context, ProjectConfig config)
    {
        Context = context;
        Config = config;
    }

    public CommandContext Context { get; }

    public ProjectConfig Config { get; }

    /// <summary>The absolute path of the project folder.</summary>
    public string Root => Config.Root;

    /// <param name="projectArgument">What <c>-C</c> names; null = <c>IDFLOW_PROJECT</c>, else the nearest parent folder that is a project.</param>
    public static Task<ProjectSession> OpenAsync(CommandContext context, string? projectArgument)
    {
        var environment = context.Environment;
        var named = projectArgument ?? NotEmpty(environment.Variable("IDFLOW_PROJECT"));
        var root = ProjectLocator.Find(named, environment.WorkingDirectory);
        var config = ProjectConfigLoader.Load(root, ConfigOverrides.From(environment.Variable));
        foreach (var warning in config.Warnings)
        {
            context.Output.Warn(warning.ToString());
        }

        return Task.FromResult(new ProjectSession(context, config));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
