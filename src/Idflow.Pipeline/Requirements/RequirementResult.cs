namespace Idflow.Pipeline.Requirements;

/// <summary>The answer to one requirement, in words for a person.</summary>
/// <param name="Key">Which requirement: <c>attribute_checks[0]</c>, <c>stages.review</c>, ..</param>
/// <param name="Holds">Whether it holds.</param>
/// <param name="Wanted">What the definition asks for.</param>
/// <param name="Found">What the document has.</param>
public sealed record RequirementResult(string Key, bool Holds, string Wanted, string Found)
{
    /// <summary>What is missing; null when it holds.</summary>
    public string? Missing { get; init; }

    /// <summary>A doubt about the definition or the document (types that cannot be compared, a time limit), with the stage and the attribute.</summary>
    public string? Warning { get; init; }
}

/// <summary>The answers to all requirements of a stage.</summary>
public sealed record RequirementReport(string StageName, IReadOnlyList<RequirementResult> Results)
{
    public bool Holds => Results.All(result => result.Holds);

    public IEnumerable<string> Missing => Results.Select(result => result.Missing).OfType<string>();

    public IEnumerable<string> Warnings => Results.Select(result => result.Warning).OfType<string>();
}
