using System.Reflection;
using Idflow.Conductor.Model;

namespace Idflow.Workers.Discovery;

/// <summary>
/// The tasks that this process can run, found as <see cref="WorkerTaskAttribute"/> methods. A name (in one domain) belongs to
/// one method; everything is checked when it is added, so a host never starts with a task that cannot run.
/// </summary>
/// <param name="activator">Makes the instance of a type that holds task methods, once, before its first task; null: the type's
/// constructor without parameters.</param>
public sealed class WorkerRegistry(Func<Type, object>? activator = null)
{
    private readonly List<RegisteredTask> _tasks = [];

    /// <summary>In the order they were added.</summary>
    public IReadOnlyList<RegisteredTask> Tasks => _tasks;

    /// <summary>The task definitions, one for each name.</summary>
    public IReadOnlyList<TaskDef> Definitions => [.. _tasks.Select(t => t.Definition).DistinctBy(d => d.Name)];

    public RegisteredTask? Find(string name) => _tasks.Find(t => t.Name == name);

    /// <summary>A registry of the tasks here that have one of these names.</summary>
    public WorkerRegistry Only(IReadOnlyCollection<string> names)
    {
        var registry = new WorkerRegistry(activator);
        registry._tasks.AddRange(_tasks.Where(t => names.Contains(t.Name)));
        return registry;
    }

    /// <summary>Adds every task method of an assembly.</summary>
    /// <exception cref="WorkerDefinitionException">A method cannot be a task, a name is taken, or a type cannot be loaded.</exception>
    public WorkerRegistry AddAssembly(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (var type in LoadTypes(assembly))
        {
            AddType(type);
        }

        return this;
    }

    /// <summary>Adds the task methods of a type; its instance is made when a task first needs it.</summary>
    /// <exception cref="WorkerDefinitionException">As for <see cref="AddAssembly"/>.</exception>
    public WorkerRegistry AddType(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var methods = TaskMethods.Of(type).ToList();
        if (methods.Count == 0)
        {
            return this;
        }

        var instance = new Lazy<object>(() => Create(type));
        foreach (var (method, attribute) in methods)
        {
            if (!method.IsStatic)
            {
                CheckCreatable(type, method);
            }

            Add(method, attribute, method.IsStatic ? static () => null : () => instance.Value);
        }

        return this;
    }

    /// <summary>Adds the task methods of an object that exists already.</summary>
    /// <exception cref="WorkerDefinitionException">As for <see cref="AddAssembly"/>.</exception>
    public WorkerRegistry AddInstance(object instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        foreach (var (method, attribute) in TaskMethods.Of(instance.GetType()))
        {
            Add(method, attribute, () => method.IsStatic ? null : instance);
        }

        return this;
    }

    private void Add(MethodInfo method, WorkerTaskAttribute attribute, Func<object?> target)
    {
        TaskMethods.Check(method, attribute);
        if (_tasks.Find(t => t.Name == attribute.Name && t.Domain == attribute.Domain) is { } other)
        {
            throw TaskMethods.Error(method, $"the task '{attribute.Name}' is already served by {other.Origin}; give one of them another name or domain.");
        }

        _tasks.Add(TaskDescriber.Describe(method, attribute, target));
    }

    private object Create(Type type)
    {
        try
        {
            return activator?.Invoke(type) ?? Activator.CreateInstance(type)!;
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            throw new WorkerException($"{type.FullName} cannot be made: {e.InnerException.Message}", e.InnerException);
        }
    }

    private void CheckCreatable(Type type, MethodInfo method)
    {
        if (type.IsAbstract)
        {
            throw TaskMethods.Error(method, $"{type.Name} is abstract, so there is no object to call the task on; make the method static or the class concrete.");
        }

        if (activator is null && type.GetConstructor(Type.EmptyTypes) is null)
        {
            throw TaskMethods.Error(method, $"{type.Name} has no public constructor without parameters; add one, or give the registry an activator.");
        }
    }

    private static IEnumerable<Type> LoadTypes(Assembly assembly)
    {
        try
        {
            // A base class lends its tasks to the classes that derive from it; a static class is abstract and sealed.
            return assembly.GetTypes().Where(t => !t.IsAbstract || t.IsSealed).OrderBy(t => t.MetadataToken);
        }
        catch (ReflectionTypeLoadException e)
        {
            var why = e.LoaderExceptions.FirstOrDefault(x => x is not null)?.Message ?? e.Message;
            throw new WorkerDefinitionException($"a type cannot be loaded: {why}", assembly: assembly.GetName().Name);
        }
    }
}
