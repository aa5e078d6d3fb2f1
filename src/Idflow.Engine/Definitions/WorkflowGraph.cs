using System.Collections.Frozen;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Definitions;

/// <summary>A definition as the decider walks it: where each entry stands, and what comes after it. Immutable and shared by all runs.</summary>
internal sealed class WorkflowGraph
{
    /// <summary>Where an entry stands in the definition.</summary>
    /// <param name="Siblings">The list that holds it.</param>
    /// <param name="Parent">The operator that owns the list; null at the top level.</param>
    /// <param name="Loop">The innermost loop around it.</param>
    private sealed record Place(WorkflowTask Entry, IReadOnlyList<WorkflowTask> Siblings, int Index, WorkflowTask? Parent, WorkflowTask? Loop);

    private readonly FrozenDictionary<string, Place> _places;
    private readonly FrozenDictionary<string, List<string>> _members;
    private readonly FrozenDictionary<string, List<string>> _innerMembers;

    public WorkflowGraph(string snapshotId, WorkflowDef definition)
    {
        SnapshotId = snapshotId;
        Row = new SnapshotRow(snapshotId, definition);
        Definition = definition;
        var places = new Dictionary<string, Place>();
        Index(definition.Tasks, null, null, places);
        _places = places.ToFrozenDictionary();
        var members = places.Values.Where(place => place.Loop is not null).ToLookup(place => place.Loop!.TaskReferenceName!, place => place.Entry.TaskReferenceName!);
        var loops = places.Values.Where(place => place.Entry.Type == TaskTypes.DoWhile).ToList();
        _members = loops.ToFrozenDictionary(loop => loop.Entry.TaskReferenceName!, loop => Below(loop.Entry.LoopOver).Intersect(members[loop.Entry.TaskReferenceName!]).ToList());
        _innerMembers = loops.ToFrozenDictionary(loop => loop.Entry.TaskReferenceName!, loop => Below(loop.Entry.LoopOver).Except(members[loop.Entry.TaskReferenceName!]).ToList());
    }

    public string SnapshotId { get; }

    public SnapshotRow Row { get; }

    public WorkflowDef Definition { get; }

    public WorkflowTask? Find(string reference) => _places.GetValueOrDefault(reference)?.Entry;

    /// <summary>A stored task with its entry: rows of tasks whose entry stands in the definition are stored without it.</summary>
    public TaskRow WithEntry(TaskRow stored) => stored.Entry is null ? stored with { Entry = Find(stored.PlainName) } : stored;

    /// <summary>Reference names of the entries inside a loop at any depth, but not those of the loops inside of it, in the order of the definition.</summary>
    public IReadOnlyList<string> MembersOf(string loop) => _members.GetValueOrDefault(loop) ?? [];

    /// <summary>Reference names of the entries of the loops inside a loop.</summary>
    public IReadOnlyList<string> InnerMembersOf(string loop) => _innerMembers.GetValueOrDefault(loop) ?? [];

    /// <summary>The lists that lead from the top to an entry, each with the place of the entry or of the operator around it.</summary>
    public IReadOnlyList<(IReadOnlyList<WorkflowTask> Siblings, int Index)> WayTo(string reference)
    {
        var way = new List<(IReadOnlyList<WorkflowTask>, int)>();
        for (var place = _places.GetValueOrDefault(reference); place is not null; place = place.Parent is { } parent ? _places[parent.TaskReferenceName!] : null)
        {
            way.Insert(0, (place.Siblings, place.Index));
        }
        return way;
    }

    /// <summary>
    /// The entry that follows in the flow; at the end of a branch the join, at the end of a case what follows the switch, at the
    /// end of a loop's body the loop itself. Null at the end, and after a TERMINATE.
    /// </summary>
    public WorkflowTask? After(string reference)
    {
        if (!_places.TryGetValue(reference, out var place) || place.Entry.Type == TaskTypes.Terminate)
        {
            return null;
        }
        while (place.Index + 1 >= place.Siblings.Count)
        {
            if (place.Parent is not { } parent)
            {
                return null;
            }
            if (parent.Type == TaskTypes.DoWhile)
            {
                return parent;
            }
            place = _places[parent.TaskReferenceName!];
        }
        return place.Siblings[place.Index + 1];
    }

    private static void Index(IReadOnlyList<WorkflowTask> list, WorkflowTask? parent, WorkflowTask? loop, Dictionary<string, Place> places)
    {
        for (var i = 0; i < list.Count; i++)
        {
            var entry = list[i];
            places.TryAdd(entry.TaskReferenceName ?? "", new Place(entry, list, i, parent, loop));
            foreach (var inner in ListsOf(entry))
            {
                Index(inner, entry, entry.Type == TaskTypes.DoWhile ? entry : loop, places);
            }
        }
    }

    private static List<string> Below(IReadOnlyList<WorkflowTask> list) =>
        [.. list.SelectMany(entry => ListsOf(entry).SelectMany(Below).Prepend(entry.TaskReferenceName!))];

    /// <summary>The lists of entries inside an operator.</summary>
    public static IEnumerable<IReadOnlyList<WorkflowTask>> ListsOf(WorkflowTask entry) => entry.Type switch
    {
        TaskTypes.Switch or TaskTypes.Decision => entry.DecisionCases.Values.Append(entry.DefaultCase),
        TaskTypes.ForkJoin => entry.ForkTasks,
        TaskTypes.DoWhile => [entry.LoopOver],
        _ => [],
    };
}
