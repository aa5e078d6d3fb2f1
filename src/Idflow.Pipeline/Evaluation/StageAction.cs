using Idflow.Documents.Model;
using Idflow.Pipeline.Requirements;
using Idflow.Pipeline.Stages;

namespace Idflow.Pipeline.Evaluation;

/// <summary>What the planner wants done with a stage of a document.</summary>
internal abstract record StageAction(string StageName, RequirementReport? Requirements)
{
    /// <summary>Make run number <paramref name="Counter"/> and start it.</summary>
    public sealed record Start(StageDefinition Stage, int Counter, RequirementReport? Requirements) : StageAction(Stage.Name, Requirements)
    {
        public bool Forced { get; init; }
    }

    /// <summary>A scheduled run, or one that was blocked before its start, whose requirements hold now: make it active and start it.</summary>
    public sealed record Activate(StageDefinition Stage, StageRun Run, RequirementReport? Requirements) : StageAction(Stage.Name, Requirements);

    /// <summary>Send the start of an active run that has no workflow yet.</summary>
    public sealed record Send(StageDefinition Stage, StageRun Run, RequirementReport? Requirements) : StageAction(Stage.Name, Requirements);

    /// <summary>Ask the engine whether the run's workflow still runs.</summary>
    public sealed record Check(StageRun Run, RequirementReport? Requirements) : StageAction(Run.StageName, Requirements);

    /// <summary>End an open run with a state and a reason.</summary>
    public sealed record End(StageRun Run, StageStatus Status, string Reason, string EndedBy, RequirementReport? Requirements) : StageAction(Run.StageName, Requirements);

    /// <summary>Leave it.</summary>
    public sealed record Skip(string StageName, string Reason, StageRun? Run, RequirementReport? Requirements) : StageAction(StageName, Requirements);
}
