using Idflow.Engine.Decisions;

namespace Idflow.Engine.Execution;

/// <summary>A workflow in memory. Its changes happen under <see cref="Gate"/>, one after another, and are committed in that order.</summary>
internal sealed class WorkflowInstance(WorkflowState state)
{
    public Lock Gate { get; } = new();

    public WorkflowState State { get; } = state;

    public string Id { get; } = state.Id;

    /// <summary>The state must not be used any more: a change was broken off, or the workflow has left the memory. Read it again.</summary>
    public bool IsDead { get; set; }

    /// <summary>A commit of it could not be written; those that follow rest on it and cannot be written either.</summary>
    public bool HasLostCommit { get; set; }

    /// <summary>A count that grows: the higher, the later it was last asked for.</summary>
    public long LastUse { get; set; }

    /// <summary>Ends when all that was changed so far is on disk.</summary>
    public Task LastCommit { get; set; } = Task.CompletedTask;
}
