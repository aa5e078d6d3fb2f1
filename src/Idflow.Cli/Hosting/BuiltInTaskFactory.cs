using Idflow.Tasks;

namespace Idflow.Cli.Hosting;

/// <summary>Composes the built-in tasks of a project from its configuration, its resources and the keys in the environment.</summary>
internal static class BuiltInTaskFactory
{
    /// <exception cref="Pipeline.DefinitionException">Settings of tasks are wrong.</exception>
    public static BuiltInTasks Create(ProjectSession project)
    {
        var environment = project.Context.Environment;
        var options = ProjectTaskOptions.From(project.Config, project.Documents, project.Resources.Overlay, environment.Variable);
        return BuiltInTasks.Create(options with { Evaluator = project.Evaluator, Time = environment.TimeProvider });
    }
}
