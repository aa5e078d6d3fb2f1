using Idflow.Conductor.Model;
using Idflow.Pipeline.Resources;
using Idflow.Workers.Discovery;
using Idflow.Workers.Sources;

namespace Idflow.Cli.Hosting;

/// <summary>All tasks that a project's workers serve: the built-in ones and its own.</summary>
internal sealed record ProjectTasks(WorkerRegistry BuiltIn, IReadOnlyList<BuiltTaskSource> Own, IReadOnlyList<TaskSourceException> Broken)
{
    public IEnumerable<TaskDef> Definitions => BuiltIn.Definitions.Concat(Own.SelectMany(s => s.Definitions));

    public IEnumerable<string> Names => Definitions.Select(d => d.Name!);

    /// <summary>Finds and compiles the tasks of the project and its vendors, of each folder the highest layer's. One that takes the name of another task is broken.</summary>
    public static async Task<ProjectTasks> LoadAsync(string root, ResourceOverlay overlay, WorkerRegistry builtIn, CancellationToken cancellationToken)
    {
        var sources = overlay.Layers.OfType<DirectoryLayer>().Reverse().SelectMany(layer => TaskSource.FindAll(Path.Combine(layer.Root, ResourceOverlay.Tasks))).DistinctBy(source => source.Name);
        var builder = new TaskSourceBuilder(Path.Combine(root, ".idflow", "cache", "tasks"), SelfProcess.Dotnet());
        var (built, failed) = await builder.BuildAllAsync(sources, cancellationToken).ConfigureAwait(false);
        var owners = builtIn.Tasks.GroupBy(t => t.Name).ToDictionary(g => g.Key, _ => "idflow itself");
        var own = new List<BuiltTaskSource>();
        var broken = failed.ToList();
        foreach (var source in built)
        {
            if (source.Definitions.FirstOrDefault(d => owners.ContainsKey(d.Name!)) is { } taken)
            {
                broken.Add(TaskSourceException.NameTaken(source.Source, taken.Name!, owners[taken.Name!]));
                continue;
            }

            own.Add(source);
            foreach (var definition in source.Definitions)
            {
                owners[definition.Name!] = source.Source.Path;
            }
        }

        return new ProjectTasks(builtIn, own, broken);
    }

    /// <summary>Only the tasks with these names; all when there are none.</summary>
    public ProjectTasks Only(IReadOnlyCollection<string> names) => names.Count == 0
        ? this
        : this with { BuiltIn = BuiltIn.Only(names), Own = [.. Own.Where(s => s.Definitions.Any(d => names.Contains(d.Name!)))] };

    /// <summary>These, and of the sources that are broken now what they were before.</summary>
    public ProjectTasks KeepingBroken(ProjectTasks before) =>
        this with { Own = [.. Own, .. before.Own.Where(old => Broken.Any(broken => broken.TaskSource.Name == old.Source.Name))] };

    public ProjectTasks None() => this with { BuiltIn = new WorkerRegistry(), Own = [] };
}
