using Idflow.Conductor.Model;
using Idflow.Workers.Discovery;

namespace Idflow.Workers.Sources;

/// <summary>A compiled task source.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="AssemblyPath">The compiled library, in the cache.</param>
/// <param name="Definitions">The tasks in it.</param>
public sealed record BuiltTaskSource(TaskSource Source, string AssemblyPath, IReadOnlyList<TaskDef> Definitions)
{
    /// <summary>Loads the library into this process and adds its tasks to a registry.</summary>
    /// <exception cref="WorkerDefinitionException">A name is taken.</exception>
    public void AddTo(WorkerRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddAssembly(new TaskLoadContext(AssemblyPath, collectible: false).LoadMain());
    }
}
