using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Pipeline.Requirements;

/// <summary>What a stage asks of a document.</summary>
public sealed record StageRequirements
{
    public FilePresence? FilePresence { get; init; }
    public IReadOnlyList<StageRequirement> Stages { get; init; } = [];
    public IReadOnlyList<AttributeCheck> AttributeChecks { get; init; } = [];
    public IReadOnlyList<ListCheck> ListChecks { get; init; } = [];

    /// <summary>Abilities of idflow that must be installed.</summary>
    public IReadOnlyList<string> Extras { get; init; } = [];

    /// <summary>Tasks that the stage's workflows use; they mark these tasks as needed and are always true.</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [];
}

/// <summary>How many files with exactly this key the document must have.</summary>
public sealed record FilePresence(string Key, int Count, string Operator)
{
    public static IReadOnlyList<string> Operators { get; } = [">=", ">", "==", "!=", "<=", "<"];
}

/// <summary>Some run of the named stage must have this status.</summary>
public sealed record StageRequirement(string StageName, StageStatus Status);

/// <summary>A comparison of one attribute. <see cref="Pattern"/> and <see cref="Regex"/> are set for the operators that use them.</summary>
public sealed record AttributeCheck(string Attribute, AttributeOperator Operator, object? Value, bool CaseSensitive)
{
    internal Wildcard? Pattern { get; init; }

    internal BoundedRegex? Regex { get; init; }
}

/// <summary>Operators of attribute checks. A missing attribute makes every check false, except <c>IS null</c>.</summary>
public enum AttributeOperator
{
    /// <summary>Equal: <c>5</c> = <c>5.0</c>; text is not a number; true is not 1; lists and maps compare deeply.</summary>
    EQ,
    NE,

    /// <summary>Order of two numbers, two texts (by code point), two dates or two timestamps; other pairs are false, with a warning.</summary>
    GT,
    LT,
    GTE,
    LTE,

    /// <summary>As EQ, and null equals a missing attribute.</summary>
    IS,
    IS_NOT,

    /// <summary>Shell pattern over the whole text: <c>* ? [..] [!..]</c>.</summary>
    CP,
    NP,

    /// <summary>A regular expression found anywhere in the text.</summary>
    REGEX,
    NOT_REGEX,
}

/// <summary>Membership of one item in a list attribute.</summary>
public sealed record ListCheck(string Attribute, ListOperator Operator, object? Value, bool CaseSensitive)
{
    public bool IsNegated => Operator is ListOperator.NOT_HAS or ListOperator.NOT_CONTAINS or ListOperator.NOT_INCLUDES;
}

/// <summary>Operators of list checks: three names for "has the item", three for "has it not".</summary>
public enum ListOperator { HAS, CONTAINS, INCLUDES, NOT_HAS, NOT_CONTAINS, NOT_INCLUDES }
