using Idflow.Engine.Definitions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions;

/// <summary>What a sync operator may do when it is carried on: look at the state, schedule further tasks, emit effects.</summary>
internal sealed class Execution(WorkflowState state, DecisionContext context, Action<IReadOnlyList<TaskRow>> schedule)
{
    public WorkflowState State => state;

    public DecisionContext Context => context;

    /// <summary>Adds tasks to the workflow at once.</summary>
    public void Schedule(IReadOnlyList<TaskRow> tasks) => schedule(tasks);

    /// <summary>The tasks of an iteration of a loop, from its first entry on.</summary>
    public IReadOnlyList<TaskRow> FirstOfIteration(TaskRow loop, int iteration)
    {
        var entry = loop.Entry!;
        return new Mapping(state, context, loop.ReferenceName, iteration).Map(entry.LoopOver[0]);
    }

    /// <summary>The latest attempt of a member of a loop.</summary>
    public TaskRow? Member(TaskRow loop, string reference, int iteration) => state.Latest(ReferenceNames.InIteration(reference, loop.ReferenceName, iteration));
}
