namespace Idflow.Cli.Commands.Workflow;

/// <summary>The tasks that the project's workers serve.</summary>
internal static class ServedTasks
{
    public static async Task<IReadOnlyCollection<string>> NamesAsync(ProjectSession project, CancellationToken cancellationToken) =>
        (await project.LoadTasksAsync(cancellationToken).ConfigureAwait(false)).Names.ToHashSet();
}
