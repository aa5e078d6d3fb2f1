using Idflow.Pipeline.Resources;

namespace Idflow.Cli.Commands.Workflow;

/// <summary>The tasks that the project's workers serve.</summary>
internal static class ServedTasks
{
    public static async Task<IReadOnlyCollection<string>> NamesAsync(ProjectSession project, CancellationToken cancellationToken) =>
        (await project.LoadTasksAsync(cancellationToken).ConfigureAwait(false)).Names.ToHashSet();

    /// <summary>Warns of every task of these workflows that no worker of the project serves: one from outside may.</summary>
    public static async Task WarnOfOthersAsync(ProjectSession project, IEnumerable<WorkflowResource> workflows, CancellationToken cancellationToken)
    {
        var served = await NamesAsync(project, cancellationToken).ConfigureAwait(false);
        foreach (var workflow in workflows)
        {
            foreach (var finding in WorkflowCheck.Unserved(workflow.Definition, served))
            {
                project.Context.Output.Warn($"{workflow.Location}: {finding}");
            }
        }
    }
}
