namespace Idflow.Workers;

/// <summary>What goes wrong in the worker room before a task runs; the message is a sentence for the person who can mend it.</summary>
public class WorkerException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>A method marked <see cref="WorkerTaskAttribute"/> that cannot serve as a task.</summary>
public sealed class WorkerDefinitionException : WorkerException
{
    internal WorkerDefinitionException(string problem, string? method = null, string? parameter = null, string? assembly = null)
        : base(Compose(problem, method, parameter, assembly))
    {
        Method = method;
        Parameter = parameter;
        Assembly = assembly;
    }

    /// <summary><c>Namespace.Type.Method</c>.</summary>
    public string? Method { get; }

    public string? Parameter { get; }

    /// <summary>The assembly's simple name.</summary>
    public string? Assembly { get; }

    private static string Compose(string problem, string? method, string? parameter, string? assembly)
    {
        var where = method is null ? "" : $"{method}{(parameter is null ? "" : $", parameter '{parameter}'")}";
        if (assembly is not null)
        {
            where = where.Length == 0 ? assembly : $"{where} ({assembly})";
        }

        return where.Length == 0 ? problem : $"{where}: {problem}";
    }
}
