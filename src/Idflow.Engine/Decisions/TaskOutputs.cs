using System.Globalization;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Definitions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>
/// Outputs as they are read. A JOIN's is its branches', a DO_WHILE's its iterations': neither is stored, so neither grows
/// with each step of its workflow.
/// </summary>
internal static class TaskOutputs
{
    /// <summary>Joins inside of joins; what lies deeper does not show.</summary>
    public const int MaxJoinDepth = 100;

    /// <summary>The whole output. Not to be changed when the task holds it itself.</summary>
    public static JsonObject Of(WorkflowState state, TaskRow task) => Of(state, task, []);

    /// <param name="joins">Ids of the joins whose outputs are being put together: one that waits for itself, by whatever way, shows nothing of itself.</param>
    private static JsonObject Of(WorkflowState state, TaskRow task, HashSet<string> joins)
    {
        switch (task.TaskType)
        {
            case var _ when task.OutputDropped:
                return task.Output;
            case TaskTypes.Join when joins.Count < MaxJoinDepth && joins.Add(task.TaskId):
                var output = Merge(OfJoin(state, task, joins), task.Output);
                joins.Remove(task.TaskId);
                return output;
            case TaskTypes.DoWhile:
                return Merge(OfLoop(state, task, LastShown(task), joins), task.Output);
            default:
                return task.Output;
        }
    }

    /// <summary>One entry of the output, without putting the rest together.</summary>
    public static JsonNode? Key(WorkflowState state, TaskRow task, string key) => task.TaskType switch
    {
        _ when task.OutputDropped => task.Output[key],
        TaskTypes.Join => KeyOfJoin(state, task, key),
        TaskTypes.DoWhile => KeyOfLoop(state, task, key, LastShown(task)),
        _ => task.Output[key],
    };

    private static JsonNode? KeyOfJoin(WorkflowState state, TaskRow join, string key)
    {
        if (join.Output.TryGetPropertyValue(key, out var stored))
        {
            return stored;
        }
        return JoinOn.Names(join).Contains(key) && state.Latest(key) is { } member && Of(state, member) is { Count: > 0 } output
            ? AgentBranch.Reduce(state, member, output)
            : null;
    }

    /// <param name="last">The last pass that shows.</param>
    private static JsonNode? KeyOfLoop(WorkflowState state, TaskRow loop, string key, int last)
    {
        if (loop.Output.TryGetPropertyValue(key, out var stored))
        {
            return stored;
        }
        return int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var pass) && pass <= last ? OfIteration(state, loop, pass, []) : null;
    }

    /// <summary>The outputs of the members of one iteration, by reference name; null when there is no such iteration.</summary>
    private static JsonObject? OfIteration(WorkflowState state, TaskRow loop, int iteration, HashSet<string> joins)
    {
        JsonObject? outputs = null;
        foreach (var member in Members(state, loop, iteration))
        {
            (outputs ??= [])[member.PlainName] = Of(state, member, joins).DeepClone();
            if (HasFailedIn(loop, iteration) && !member.Status.IsSuccessful())
            {
                break;
            }
        }
        return outputs;
    }

    /// <summary>The members of one pass that there are, by sequence.</summary>
    public static IEnumerable<TaskRow> Members(WorkflowState state, TaskRow loop, int iteration) =>
        state.Graph.MembersOf(loop.PlainName).Select(name => state.Latest(ReferenceNames.InIteration(name, loop.ReferenceName, iteration))).OfType<TaskRow>().OrderBy(member => member.Seq);

    /// <summary>A loop that a member has failed looked no further than that member.</summary>
    private static bool HasFailedIn(TaskRow loop, int iteration) => loop.Status == TaskExecutionStatus.FAILED && loop.Iteration == iteration;

    private static JsonObject OfJoin(WorkflowState state, TaskRow join, HashSet<string> joins)
    {
        var outputs = new JsonObject();
        var members = JoinOn.Scheduled(state, join);
        var haveAllEnded = members.All(member => member.IsTerminal);
        foreach (var member in members)
        {
            // Joins that wait for one another would be put together again and again, for nothing.
            var isEmpty = member.TaskType == TaskTypes.Join && state.Sizes.Of(member) <= OutputSizes.Nothing;
            if (!isEmpty && Of(state, member, joins) is { Count: > 0 } output)
            {
                outputs[member.ReferenceName] = AgentBranch.Reduce(state, member, output).DeepClone();
            }
            if (JoinOn.FailsJoin(member, haveAllEnded))
            {
                break;
            }
        }
        return outputs;
    }

    /// <summary>The pass that is under way shows when it is over, or has ended the loop.</summary>
    public static int LastShown(TaskRow loop)
    {
        var current = CurrentPass(loop);
        return loop.IsTerminal && loop.Status != TaskExecutionStatus.CANCELED ? current : current - 1;
    }

    private static int CurrentPass(TaskRow loop) => (int?)loop.Output["iteration"] ?? 0;

    /// <summary>The keys of a loop's output when its current pass is over: what its condition looks at.</summary>
    public static IEnumerable<string> KeysWithCurrentPass(WorkflowState state, TaskRow loop) =>
        Merge(OfLoop(state, loop, CurrentPass(loop), []), loop.Output).Select(entry => entry.Key);

    /// <summary>One entry of a loop's output when its current pass is over.</summary>
    public static JsonNode? KeyWithCurrentPass(WorkflowState state, TaskRow loop, string key) => KeyOfLoop(state, loop, key, CurrentPass(loop));

    private static JsonObject OfLoop(WorkflowState state, TaskRow loop, int last, HashSet<string> joins)
    {
        var outputs = new JsonObject();
        for (var iteration = 1; iteration <= last; iteration++)
        {
            if (OfIteration(state, loop, iteration, joins) is { } output)
            {
                outputs[iteration.ToString(CultureInfo.InvariantCulture)] = output;
            }
        }
        return outputs;
    }

    private static JsonObject Merge(JsonObject assembled, JsonObject stored)
    {
        foreach (var (key, value) in stored)
        {
            assembled[key] = value?.DeepClone();
        }
        return assembled;
    }
}
