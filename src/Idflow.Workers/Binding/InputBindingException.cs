namespace Idflow.Workers.Binding;

/// <summary>The input of a task does not fit its method: the key, what was expected and what came. Trying again cannot help.</summary>
public sealed class InputBindingException : WorkerException
{
    internal InputBindingException(IReadOnlyList<string> problems)
        : base(string.Join(" ", problems)) => Problems = problems;

    /// <summary>One sentence for each key that does not fit.</summary>
    public IReadOnlyList<string> Problems { get; }
}
