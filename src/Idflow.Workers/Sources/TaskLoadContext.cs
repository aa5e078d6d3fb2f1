using System.Reflection;
using System.Runtime.Loader;

namespace Idflow.Workers.Sources;

/// <summary>Loads a compiled task with its packages apart from the host; only the contract of task methods is shared.</summary>
internal sealed class TaskLoadContext(string assemblyPath, bool collectible) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(assemblyPath), collectible)
{
    private static readonly string[] Shared = ["Idflow.Workers", "Idflow.Conductor", "Microsoft.Extensions.Logging.Abstractions"];
    private readonly AssemblyDependencyResolver _resolver = new(assemblyPath);

    public Assembly LoadMain() => LoadFromAssemblyPath(assemblyPath);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (Shared.Contains(assemblyName.Name))
        {
            return null;
        }

        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : IntPtr.Zero;
}
