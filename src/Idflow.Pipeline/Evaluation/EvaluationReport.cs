using Idflow.Documents.Model;
using Idflow.Pipeline.Requirements;

namespace Idflow.Pipeline.Evaluation;

/// <summary>What an evaluation did with one stage of a document.</summary>
public enum StageDecision
{
    /// <summary>A new run was made and its workflow started.</summary>
    Started,

    /// <summary>The run is kept and its start is still to be sent: the engine was away.</summary>
    Pending,

    /// <summary>A run is open and goes on.</summary>
    Running,

    /// <summary>Nothing to do: requirements do not hold, it ran already, or evaluation does not start it.</summary>
    Skipped,

    /// <summary>The run was blocked, for the reason given.</summary>
    Blocked,

    /// <summary>The run was cancelled, for the reason given.</summary>
    Cancelled,
}

/// <summary>What happened to one stage, and why.</summary>
public sealed record StageOutcome(string StageName, StageDecision Decision, string Reason)
{
    /// <summary>The run it is about; null when there is none.</summary>
    public StageRun? Run { get; init; }

    /// <summary>The answers to the stage's requirements; null where they were not asked.</summary>
    public RequirementReport? Requirements { get; init; }

    /// <summary>What a person should look at.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>What an evaluation did with a document.</summary>
public sealed record EvaluationReport(string DocumentId, IReadOnlyList<StageOutcome> Outcomes)
{
    /// <summary>Warnings of all stages, each once.</summary>
    public IEnumerable<string> Warnings => Outcomes.SelectMany(outcome => outcome.Warnings.Concat(outcome.Requirements?.Warnings ?? [])).Distinct(StringComparer.Ordinal);

    public IEnumerable<StageOutcome> Of(StageDecision decision) => Outcomes.Where(outcome => outcome.Decision == decision);
}

/// <summary>How far an evaluation may go.</summary>
public sealed record EvaluationOptions
{
    /// <summary>On create, save and stage completion: starts stages that have not run, and those that a rule stopped and whose reason is gone.</summary>
    public static EvaluationOptions Automatic { get; } = new();

    /// <summary>Asked for by a person: blocked stages are started again.</summary>
    public static EvaluationOptions Asked { get; } = new() { RestartBlocked = true };

    /// <summary>Asked for by a person for this document: also stages that are done, if they may run again.</summary>
    public static EvaluationOptions AskedForDocument { get; } = new() { RestartBlocked = true, RestartDone = true };

    /// <summary>For a process that begins to serve the engine: runs that could not be started (no such workflow, a broken <c>when</c>) are tried again.</summary>
    public static EvaluationOptions Serving { get; } = new() { RetryUnstarted = true };

    /// <summary>A run that was blocked before its workflow started is tried again if its requirements hold.</summary>
    public bool RetryUnstarted { get; init; }

    /// <summary>A blocked or cancelled stage whose requirements hold starts again.</summary>
    public bool RestartBlocked { get; init; }

    /// <summary>A done stage that is <c>multiple_callable</c> and whose requirements hold starts again.</summary>
    public bool RestartDone { get; init; }

    /// <summary>True: nothing is changed or sent; the report says what would happen.</summary>
    public bool DryRun { get; init; }
}
