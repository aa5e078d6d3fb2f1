namespace Idflow.Workers.Sources;

/// <summary>A task source that cannot be used; the other tasks of the project go on without it.</summary>
public sealed class TaskSourceException : WorkerException
{
    internal TaskSourceException(TaskSource source, IReadOnlyList<SourceProblem> problems)
        : base(string.Join('\n', problems.Select(p => p.ToString())))
    {
        TaskSource = source;
        Problems = problems;
    }

    internal TaskSourceException(TaskSource source, string problem)
        : this(source, [new SourceProblem(source.Path, 0, 0, problem)])
    {
    }

    /// <summary>A task of this source has the name of another one.</summary>
    public static TaskSourceException NameTaken(TaskSource source, string taskName, string otherOrigin) =>
        new(source, $"the task '{taskName}' is already served by {otherOrigin}; give it another name.");

    public TaskSource TaskSource { get; }

    /// <summary>In the order of the source.</summary>
    public IReadOnlyList<SourceProblem> Problems { get; }
}

/// <summary>One problem in a source file.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Line">From 1; 0 where the problem has no line.</param>
/// <param name="Column">From 1; 0 where the problem has no column.</param>
/// <param name="Message">With the compiler's code, where it has one.</param>
public sealed record SourceProblem(string File, int Line, int Column, string Message)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}:{Column}: {Message}" : $"{File}: {Message}";
}
