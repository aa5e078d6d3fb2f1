using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>What comes after a task in the flow.</summary>
internal static class Successors
{
    public static IReadOnlyList<TaskRow> First(WorkflowState state, DecisionContext context) =>
        From(state, new Mapping(state, context, null, 0), state.Graph.Definition.Tasks.Count > 0 ? state.Graph.Definition.Tasks[0] : null);

    public static IReadOnlyList<TaskRow> Of(WorkflowState state, DecisionContext context, TaskRow task)
    {
        // The tasks of a case follow the switch in its place.
        if (task.TaskType is TaskTypes.Switch or TaskTypes.Decision && task.Input.ContainsKey("hasChildren"))
        {
            return [];
        }
        return From(state, new Mapping(state, context, task.Loop, task.LoopIteration), state.Graph.After(task.PlainName));
    }

    private static IReadOnlyList<TaskRow> From(WorkflowState state, Mapping mapping, WorkflowTask? entry)
    {
        while (entry is not null && IsSkipped(state, mapping, entry))
        {
            entry = state.Graph.After(entry.TaskReferenceName!);
        }
        // The end of a loop's body leads back to the loop, which is open already.
        return entry is null || (mapping.Loop is { } loop && entry.TaskReferenceName == Definitions.ReferenceNames.WithoutIteration(loop)) ? [] : mapping.Map(entry);
    }

    private static bool IsSkipped(WorkflowState state, Mapping mapping, WorkflowTask entry) =>
        state.Latest(Definitions.ReferenceNames.InIteration(entry.TaskReferenceName!, mapping.Loop, mapping.Iteration)) is { Status: TaskExecutionStatus.SKIPPED };
}
