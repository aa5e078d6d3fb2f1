using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Definitions;
using Idflow.Engine.Execution;

namespace Idflow.Engine.Operations;

/// <summary>A new run under the same id, with the same input: nothing is left of the run before but its variables.</summary>
internal static class Restart
{
    public static void Apply(WorkflowState state, ChangeUnit unit, WorkflowGraph graph, Effect.ReviveParent? tell)
    {
        var now = unit.Context.Now;
        state.Restart(state.Row with
        {
            SnapshotId = graph.SnapshotId,
            Classifier = Classifier.Of(graph.Definition),
            Version = graph.Definition.Version,
            Status = WorkflowStatus.RUNNING,
            Output = [],
            ExternalOutputPath = null,
            Reason = null,
            FailedTaskId = null,
            FailedReferenceNames = [],
            FailedTaskNames = [],
            CreateTime = now,
            UpdateTime = now,
            EndTime = 0,
            LastRetriedTime = 0,
        }, graph);
        Retry.Tell(state, tell);
        unit.Decide(state);
    }
}
