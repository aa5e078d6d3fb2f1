using System.Text.Json.Nodes;
using Idflow.Pipeline.Requirements;

namespace Idflow.Pipeline.Stages;

/// <summary>A stage: which documents it wants and which workflows it runs on them.</summary>
public sealed record StageDefinition
{
    public required string Name { get; init; }

    /// <summary>False: listed, never started.</summary>
    public bool Active { get; init; } = true;

    /// <summary>True: evaluation never starts it, only <c>stage run</c>.</summary>
    public bool NoEval { get; init; }

    /// <summary>True: may run again after it was done.</summary>
    public bool MultipleCallable { get; init; }

    public IReadOnlyList<StageWorkflow> Workflows { get; init; } = [];

    /// <summary>All must hold; none: always true.</summary>
    public StageRequirements Requirements { get; init; } = new();

    /// <summary>The files it comes from, the one that wins first.</summary>
    public IReadOnlyList<StageSource> Sources { get; init; } = [];
}

/// <summary>A file that defines a stage, and the layer (<c>core</c>, <c>vendor:NAME</c>, <c>project</c>) it belongs to.</summary>
public sealed record StageSource(string Path, string Origin);

/// <summary>A workflow that a stage runs.</summary>
public sealed record StageWorkflow
{
    public required string Name { get; init; }

    /// <summary>Absent: the version of the definition in the project.</summary>
    public int? Version { get; init; }

    /// <summary>JavaScript over <c>doc</c>, evaluated before the start; false leaves this workflow out.</summary>
    public string? When { get; init; }

    /// <summary>Input of the workflow beside <c>docId</c>, <c>stageName</c>, <c>stageCounter</c> and <c>doc</c>; expressions like <c>${workflow.input.doc.title}</c> are resolved by the stage workflow.</summary>
    public JsonObject Inputs { get; init; } = [];

    /// <summary>Handed to the workflow as its input <c>correlationId</c>; absent: that of the stage run.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Where <see cref="When"/> stands, for messages.</summary>
    internal string WhenPlace { get; init; } = "";
}
