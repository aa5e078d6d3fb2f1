using Idflow.Engine.Decisions;
using Idflow.Engine.State;

namespace Idflow.Engine.Execution;

/// <summary>What one change of a workflow may add to its commit: rows beside the workflow's own, and new workflows.</summary>
internal sealed class ChangeUnit(DecisionContext context)
{
    private HashSet<WorkflowState>? _unfinished;

    public DecisionContext Context => context;

    /// <summary>What is written. The changes of the workflows themselves come into it last; before, it has what is written with them: logs, event records, outbox rows that are done.</summary>
    public StoreChanges Commit { get; } = new();

    /// <summary>Workflows that come to be with this commit.</summary>
    public List<WorkflowState> Created => context.Created;

    /// <summary>Workflows on which the decider reached its limit of passes: an effect of the commit lets it go on in a new decision.</summary>
    public void LetUnfinishedGoOn() => Commit.Outbox.AddRange((_unfinished ?? []).Select(state => new Effect.GoOn().ToRow(state.Id)));

    /// <summary>A time has come: of one task, or of the workflow.</summary>
    public void OnDeadline(WorkflowState state, string? taskId)
    {
        if (taskId is not null && (state.Find(taskId) is not { IsTerminal: false } task || !Decider.OnDeadline(state, context, task)))
        {
            return;
        }
        Decide(state);
    }

    /// <summary>Lets the decider carry the workflow on.</summary>
    public void Decide(WorkflowState state)
    {
        if (!Decider.Decide(state, context))
        {
            (_unfinished ??= []).Add(state);
        }
    }
}
