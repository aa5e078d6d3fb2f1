namespace Idflow.Workers;

/// <summary>
/// Says which input key a parameter takes, where that is not the parameter's name in camel case, or that the parameter
/// takes the whole input as one object.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TaskInputAttribute(string? key = null) : Attribute
{
    /// <summary>The input key, for example <c>max_results</c>; null: the parameter's name in camel case.</summary>
    public string? Key { get; } = key;

    /// <summary>True: the parameter's members are the input keys. Allowed for one parameter, which is then the only input.</summary>
    public bool Whole { get; init; }
}
