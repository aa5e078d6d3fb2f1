using System.Reflection;

namespace Idflow.Workers.Discovery;

/// <summary>Finds the marked methods of a type and says clearly why one of them cannot be a task.</summary>
internal static class TaskMethods
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<(MethodInfo Method, WorkerTaskAttribute Attribute)> Of(Type type)
    {
        for (var current = type; current is not null && current != typeof(object); current = current.BaseType)
        {
            foreach (var method in current.GetMethods(All).OrderBy(m => m.MetadataToken))
            {
                if (method.GetCustomAttribute<WorkerTaskAttribute>(inherit: false) is { } attribute)
                {
                    yield return (method, attribute);
                }
            }
        }
    }

    public static string NameOf(MethodInfo method) => $"{method.DeclaringType!.FullName!.Replace('+', '.')}.{method.Name}";

    public static void Check(MethodInfo method, WorkerTaskAttribute attribute)
    {
        CheckShape(method);
        foreach (var parameter in method.GetParameters())
        {
            CheckParameter(method, parameter);
        }

        if (ReturnedType(method) is { } returned && Unusable(returned) is { } why)
        {
            throw Error(method, $"its return type {Display(returned)} {why}; return an object, a value, void, Task or Task<T>.");
        }

        CheckAttribute(method, attribute);
    }

    /// <summary>The type of the value that the method gives in the end; null for none.</summary>
    public static Type? ReturnedType(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(void) || type == typeof(Task) || type == typeof(ValueTask))
        {
            return null;
        }

        var awaited = type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>));
        return awaited ? type.GetGenericArguments()[0] : type;
    }

    public static WorkerDefinitionException Error(MethodInfo method, string problem, string? parameter = null) =>
        new(problem, NameOf(method), parameter, method.DeclaringType!.Assembly.GetName().Name);

    private static void CheckShape(MethodInfo method)
    {
        if (!method.IsPublic)
        {
            throw Error(method, "a [WorkerTask] method must be public.");
        }

        if (method.IsAbstract)
        {
            throw Error(method, "a [WorkerTask] method cannot be abstract; mark the method that implements it.");
        }

        if (method.ContainsGenericParameters)
        {
            throw Error(method, "a [WorkerTask] method, and the type around it, cannot have type parameters.");
        }
    }

    private static void CheckParameter(MethodInfo method, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type.IsByRef)
        {
            throw Error(method, "ref, out and in parameters have no meaning in a task; take the value and return the result.", parameter.Name);
        }

        if (type != typeof(TaskContext) && type != typeof(CancellationToken) && Unusable(type) is { } why)
        {
            throw Error(method, $"the type {Display(type)} {why}; take texts, numbers, true/false, enums, dates, lists, records or JsonNode.", parameter.Name);
        }
    }

    private static void CheckAttribute(MethodInfo method, WorkerTaskAttribute attribute)
    {
        if (string.IsNullOrWhiteSpace(attribute.Name) || attribute.Name.Any(char.IsControl) || attribute.Name.Trim() != attribute.Name)
        {
            throw Error(method, $"the task name '{attribute.Name}' is empty, or has control characters or blanks around it.");
        }

        (string Name, long Value, long Least)[] limits =
        [
            (nameof(attribute.Concurrency), attribute.Concurrency, 1),
            (nameof(attribute.PollIntervalMs), attribute.PollIntervalMs, 1),
            (nameof(attribute.RetryCount), attribute.RetryCount, 0),
            (nameof(attribute.RetryDelaySeconds), attribute.RetryDelaySeconds, 0),
            (nameof(attribute.TimeoutSeconds), attribute.TimeoutSeconds, 0),
            (nameof(attribute.ResponseTimeoutSeconds), attribute.ResponseTimeoutSeconds, 1),
            (nameof(attribute.ConcurrentExecLimit), attribute.ConcurrentExecLimit, 0),
        ];
        foreach (var (name, value, least) in limits)
        {
            if (value < least)
            {
                throw Error(method, $"{name} is {value}; it must be at least {least}.");
            }
        }
    }

    private static string? Unusable(Type type)
    {
        if (type.IsPointer || type.IsByRefLike || type == typeof(IntPtr) || type == typeof(UIntPtr))
        {
            return "is an address in memory and cannot come from JSON";
        }

        if (typeof(Delegate).IsAssignableFrom(type) || typeof(MemberInfo).IsAssignableFrom(type))
        {
            return "is code and cannot come from JSON";
        }

        if (typeof(Stream).IsAssignableFrom(type) || typeof(Task).IsAssignableFrom(type) || type == typeof(IServiceProvider))
        {
            return "cannot be written as JSON";
        }

        return IsAsyncSequence(type) ? "is an asynchronous sequence, which a task cannot hand over" : null;
    }

    private static bool IsAsyncSequence(Type type) =>
        type.GetInterfaces().Append(type).Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

    private static string Display(Type type) =>
        type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Display))}>" : type.Name;
}
