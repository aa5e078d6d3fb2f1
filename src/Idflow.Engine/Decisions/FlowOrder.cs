using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Definitions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>
/// What lies after a task in the flow: what its end leads to, however the branches beside it were scheduled. A task is placed by the
/// lists of the definition from the top down to it, with the pass of each loop on the way; members of dynamic forks stand below their fork.
/// </summary>
internal sealed class FlowOrder
{
    /// <param name="List">A list of the definition, or the name of a member of a dynamic fork.</param>
    /// <param name="Pass">Of the loop that the entry is, when the way goes on into it; else 0.</param>
    private sealed record Step(object List, int Index, int Pass);

    private readonly WorkflowState _state;
    private readonly TaskRow _target;
    private readonly Dictionary<string, TaskRow> _forks;
    private readonly List<Step> _way;

    public FlowOrder(WorkflowState state, TaskRow target)
    {
        _state = state;
        _target = target;
        _forks = ForksByMember(state.Tasks);
        _way = WayTo(target);
    }

    public bool IsAfter(TaskRow task)
    {
        var way = WayTo(task);
        for (var i = 0; i < way.Count && i < _way.Count; i++)
        {
            if (!way[i].List.Equals(_way[i].List))
            {
                return false;
            }
            if (way[i].Index != _way[i].Index)
            {
                return way[i].Index > _way[i].Index;
            }
            if (way[i].Pass != _way[i].Pass)
            {
                return way[i].Pass > _way[i].Pass;
            }
        }
        // Attempts of the same entry follow each other; what an operator holds comes after it.
        return way.Count == _way.Count ? task.Seq > _target.Seq : way.Count > _way.Count;
    }

    private List<Step> WayTo(TaskRow task)
    {
        if (_state.Graph.Find(task.PlainName) is null)
        {
            return _forks.GetValueOrDefault(task.ReferenceName) is { } fork ? [.. WayTo(fork), new Step(task.PlainName, 0, 0)] : [];
        }
        var passes = new Stack<int>();
        for (var member = task; member?.Loop is { } loop; member = _state.Latest(loop))
        {
            passes.Push(member.LoopIteration);
        }
        var places = _state.Graph.WayTo(task.PlainName);
        return [.. places.Select((place, i) => new Step(place.Siblings, place.Index, i + 1 < places.Count && IsLoop(place) && passes.TryPop(out var pass) ? pass : 0))];
    }

    /// <summary>The dynamic fork that planned a task, by the task's reference name.</summary>
    private static Dictionary<string, TaskRow> ForksByMember(IEnumerable<TaskRow> tasks)
    {
        var forks = new Dictionary<string, TaskRow>();
        foreach (var fork in tasks.Where(task => task.TaskType == TaskTypes.Fork))
        {
            foreach (var name in fork.Input[DynamicForkOperator.ForkedTasksKey] as JsonArray ?? [])
            {
                forks[ReferenceNames.InIteration((string)name!, fork.Loop, fork.LoopIteration)] = fork;
            }
        }
        return forks;
    }

    private static bool IsLoop((IReadOnlyList<WorkflowTask> Siblings, int Index) place) => place.Siblings[place.Index].Type == TaskTypes.DoWhile;
}
