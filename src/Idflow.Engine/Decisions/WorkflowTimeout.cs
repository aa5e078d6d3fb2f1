using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>The time limit of a whole workflow; it counts from the start, or from the last time that an operator set it going.</summary>
internal static class WorkflowTimeout
{
    /// <summary>Epoch milliseconds; 0 when nothing happens then.</summary>
    public static long Deadline(WorkflowRow row, WorkflowDef definition) =>
        definition is { TimeoutSeconds: > 0 and var seconds, TimeoutPolicy: WorkflowTimeoutPolicy.TIME_OUT_WF } && !row.Status.IsTerminal()
            ? Since(row) + seconds * 1000
            : 0;

    /// <exception cref="WorkflowEndException">The time is up.</exception>
    public static void Check(WorkflowState state, DecisionContext context)
    {
        if (Deadline(state.Row, state.Graph.Definition) is > 0 and var deadline && deadline <= context.Now)
        {
            var definition = state.Graph.Definition;
            throw new WorkflowEndException(WorkflowStatus.TIMED_OUT,
                $"Workflow timed out after {(context.Now - Since(state.Row)) / 1000} seconds. Timeout configured as {definition.TimeoutSeconds} seconds. Timeout policy configured to {definition.TimeoutPolicy}");
        }
    }

    private static long Since(WorkflowRow row) => row.LastRetriedTime > 0 ? row.LastRetriedTime : row.CreateTime;
}
