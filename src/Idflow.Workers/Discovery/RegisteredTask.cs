using System.Reflection;
using Idflow.Conductor.Model;
using Idflow.Workers.Binding;

namespace Idflow.Workers.Discovery;

/// <summary>A method that serves a task, with everything that is known of it without running it.</summary>
public sealed class RegisteredTask
{
    internal RegisteredTask(MethodInfo method, WorkerTaskAttribute attribute, TaskDef definition, InputBinder input, Func<object?> target)
    {
        Method = method;
        Attribute = attribute;
        Definition = definition;
        Input = input;
        Target = target;
    }

    /// <summary>The task type that is polled.</summary>
    public string Name => Attribute.Name;

    public string? Domain => Attribute.Domain;

    /// <summary>Retry and timeout policy, input and output keys and schemas, and the description from the doc comment.</summary>
    public TaskDef Definition { get; }

    public WorkerTaskAttribute Attribute { get; }

    /// <summary><c>Namespace.Type.Method (assembly)</c>: where it is defined.</summary>
    public string Origin => $"{TaskMethods.NameOf(Method)} ({Method.DeclaringType!.Assembly.GetName().Name})";

    internal MethodInfo Method { get; }

    internal InputBinder Input { get; }

    /// <summary>The instance to call the method on; null for a static method.</summary>
    internal Func<object?> Target { get; }
}
