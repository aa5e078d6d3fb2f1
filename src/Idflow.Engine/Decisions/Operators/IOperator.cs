using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>Who carries a task out.</summary>
internal enum OperatorKind
{
    /// <summary>A worker that polls for it.</summary>
    Worker,

    /// <summary>The decider, within a decision.</summary>
    Sync,

    /// <summary>The engine, after the decision is on disk (starts of workflows, HTTP).</summary>
    Async,

    /// <summary>Nobody: something outside or the clock ends it.</summary>
    Open,
}

/// <summary>One task type: how its entry becomes tasks, and what a decision does with them.</summary>
internal interface IOperator
{
    OperatorKind Kind { get; }

    /// <summary>The new tasks for an entry, in the order in which they are scheduled.</summary>
    /// <exception cref="WorkflowEndException">The entry cannot be scheduled.</exception>
    IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry);

    /// <summary>Opens a new attempt of a task of the kind <see cref="OperatorKind.Open"/>.</summary>
    TaskRow Open(TaskRow attempt, long now) => attempt with { Status = TaskExecutionStatus.IN_PROGRESS, StartTime = now, DueTime = 0, CallbackAfterSeconds = 0 };

    /// <summary>
    /// Carries an open task of the kind <see cref="OperatorKind.Sync"/> on; called when it is new, and when something that it waits for has changed.
    /// </summary>
    /// <returns>The task as it is now; the same instance when nothing changed. The decider puts it into the state.</returns>
    TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task) => task;
}
