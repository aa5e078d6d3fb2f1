using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Events;
using Idflow.Engine.Operations;
using Idflow.Engine.State;

namespace Idflow.Engine.Execution;

/// <summary>What each <see cref="Effect"/> does. Each deletes its outbox row in the commit of its outcome.</summary>
internal sealed class EffectHandlers(WorkflowRunner runner, InstanceTable instances, FamilyGates families, WorkflowStarter starter, FailureStart failures, RunningAgain runningAgain, EventProcessor events)
{
    public Task HandleAsync(OutboxRow row) => Effect.Of(row) switch
    {
        Effect.ChildEnded effect => ChildEndedAsync(row, effect),
        Effect.ReviveParent effect => ReviveParentAsync(row, effect),
        Effect.TerminateChild effect => TerminateChildAsync(row, effect),
        Effect.RetryChild effect => RetryChildAsync(row, effect),
        Effect.StartFailureWorkflow effect => StartFailureWorkflowAsync(row, effect),
        Effect.Publish effect => PublishAsync(row, effect),
        Effect.GoOn => GoOnAsync(row),
        var unknown => throw new InvalidOperationException($"Unknown effect {unknown.GetType().Name}"),
    };

    public Task DropAsync(OutboxRow row)
    {
        var changes = new StoreChanges();
        changes.DeletedOutbox.Add(row.Id);
        return runner.WriteAsync(changes);
    }

    private Task ChildEndedAsync(OutboxRow row, Effect.ChildEnded effect)
    {
        lock (families.Of(effect.ParentWorkflowId))
        {
            if (instances.RowOf(row.WorkflowId) is not { } child || !instances.Exists(effect.ParentWorkflowId))
            {
                return DropAsync(row);
            }
            return runner.ChangeAsync(effect.ParentWorkflowId, (state, unit) =>
            {
                unit.Commit.DeletedOutbox.Add(row.Id);
                // A task that runs again may have another child by now.
                if (state.Find(effect.ParentTaskId) is { IsTerminal: false } task && task.SubWorkflowId == child.WorkflowId && child.Status.IsTerminal())
                {
                    state.Put(PayloadLimits.Checked(state, ChildOutcome.Of(task, child, unit.Context.Now), unit.Context));
                    unit.Decide(state);
                }
            });
        }
    }

    private async Task ReviveParentAsync(OutboxRow row, Effect.ReviveParent effect)
    {
        // If it has ended again, that end comes after this row, and finds the parent open.
        await runningAgain.ReviveParentAsync(row.WorkflowId, effect, evenOfEnded: true).ConfigureAwait(false);
        await DropAsync(row).ConfigureAwait(false);
    }

    private Task TerminateChildAsync(OutboxRow row, Effect.TerminateChild effect)
    {
        var childId = effect.WorkflowId;
        lock (families.Of(row.WorkflowId))
        {
            return !instances.Exists(childId) || IsOpenAgain(row.WorkflowId, childId) ? DropAsync(row) : runner.ChangeAsync(childId, (state, unit) =>
            {
                unit.Commit.DeletedOutbox.Add(row.Id);
                if (!state.Row.Status.IsTerminal())
                {
                    Ending.Terminated(state, unit.Context, effect.Reason);
                }
            });
        }
    }

    /// <summary>The parent was set going again, with this child, before the child's turn to be terminated came.</summary>
    private bool IsOpenAgain(string parentId, string childId) =>
        instances.RowOf(parentId) is { } parent && !parent.Status.IsTerminal()
        && runner.Read(parentId, state => state.Open.Any(task => task.SubWorkflowId == childId));

    /// <summary>Once more after a crash between the parent's revival and what it did to its children.</summary>
    private Task RetryChildAsync(OutboxRow row, Effect.RetryChild effect)
    {
        var childId = effect.WorkflowId;
        lock (families.Of(row.WorkflowId))
        {
            return !instances.Exists(childId) || !IsOpenAgain(row.WorkflowId, childId) ? DropAsync(row) : runner.ChangeAsync(childId, (state, unit) =>
            {
                unit.Commit.DeletedOutbox.Add(row.Id);
                if (state.Row is { Status: WorkflowStatus.COMPLETED, ParentWorkflowId: { } parentId, ParentWorkflowTaskId: { } parentTaskId })
                {
                    // Its end came when its parent's had come already.
                    state.Emit(new Effect.ChildEnded(parentId, parentTaskId));
                }
                else if (state.Row.Status.IsTerminal())
                {
                    runningAgain.RetryChild(state, unit);
                }
            });
        }
    }

    private Task StartFailureWorkflowAsync(OutboxRow row, Effect.StartFailureWorkflow effect)
    {
        if (!instances.Exists(row.WorkflowId))
        {
            return DropAsync(row);
        }
        var start = runner.Read(row.WorkflowId, failed => failures.Of(failed, effect));
        return runner.CreateAsync(unit =>
        {
            unit.Commit.DeletedOutbox.Add(row.Id);
            return starter.Start(unit, start);
        });
    }

    private Task GoOnAsync(OutboxRow row) => !instances.Exists(row.WorkflowId) ? DropAsync(row) : runner.ChangeAsync(row.WorkflowId, (state, unit) =>
    {
        unit.Commit.DeletedOutbox.Add(row.Id);
        unit.Decide(state);
    });

    private async Task PublishAsync(OutboxRow row, Effect.Publish effect)
    {
        await events.HandleAsync(effect.Event, effect.MessageId, effect.Payload).ConfigureAwait(false);
        await DropAsync(row).ConfigureAwait(false);
    }
}
