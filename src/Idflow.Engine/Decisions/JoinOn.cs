using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Definitions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>The tasks that a JOIN or EXCLUSIVE_JOIN waits for: names of the definition in its input, which mean the tasks of its own pass where it stands in a loop.</summary>
internal static class JoinOn
{
    public const string InputKey = "joinOn";
    public const string DefaultInputKey = "defaultExclusiveJoinTask";

    public static JsonArray ToInput(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);

    /// <summary>Reference names of tasks.</summary>
    public static IEnumerable<string> Names(TaskRow join, string key = InputKey) =>
        (join.Input[key] as JsonArray ?? []).Select(name => ReferenceNames.InIteration(name?.ToString() ?? "", join.Loop, join.Iteration));

    /// <summary>All names that the join looks at.</summary>
    public static IEnumerable<string> AllNames(TaskRow join) => join.TaskType == TaskTypes.ExclusiveJoin ? Names(join).Concat(Names(join, DefaultInputKey)) : Names(join);

    /// <summary>The last attempts of those that have been scheduled, in the order of the list.</summary>
    public static IReadOnlyList<TaskRow> Scheduled(WorkflowState state, TaskRow join, string key = InputKey) => [.. Names(join, key).Select(state.Latest).OfType<TaskRow>()];

    /// <summary>Whether a task that ended badly fails its JOIN: a permissive one does so when nothing else is left to wait for.</summary>
    public static bool FailsJoin(TaskRow task, bool haveAllEnded) => !task.Status.IsSuccessful() && task.Entry is { Optional: false } entry && (!entry.Permissive || haveAllEnded);
}
