using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Events;
using Idflow.Engine.Operations;
using Idflow.Engine.State;

namespace Idflow.Engine.Execution;

/// <summary>What each kind of effect does; see <see cref="Effects"/>. Each deletes its outbox row in the commit of its outcome.</summary>
internal sealed class EffectHandlers(WorkflowRunner runner, InstanceTable instances, FamilyGates families, WorkflowStarter starter, WorkflowOperator operations, EventProcessor events)
{
    public Task HandleAsync(OutboxRow row) => row.Kind switch
    {
        Effects.ChildEndedKind => ChildEndedAsync(row),
        Effects.ReviveParentKind => ReviveParentAsync(row),
        Effects.TerminateChildKind => TerminateChildAsync(row),
        Effects.FailureWorkflowKind => StartFailureWorkflowAsync(row),
        Effects.PublishKind => PublishAsync(row),
        Effects.GoOnKind => GoOnAsync(row),
        _ => throw new InvalidOperationException($"Unknown effect {row.Kind}"),
    };

    public Task DropAsync(OutboxRow row)
    {
        var changes = new StoreChanges();
        changes.DeletedOutbox.Add(row.Id);
        return runner.WriteAsync(changes);
    }

    private Task ChildEndedAsync(OutboxRow row)
    {
        var parentId = (string)row.Data["parentWorkflowId"]!;
        lock (families.Of(parentId))
        {
            if (instances.RowOf(row.WorkflowId) is not { } child || !instances.Exists(parentId))
            {
                return DropAsync(row);
            }
            return runner.ChangeAsync(parentId, (state, unit) =>
            {
                unit.Extra.DeletedOutbox.Add(row.Id);
                // A task that runs again may have another child by now.
                if (state.Find((string)row.Data["parentTaskId"]!) is { IsTerminal: false } task && task.SubWorkflowId == child.WorkflowId && child.Status.IsTerminal())
                {
                    state.Put(PayloadLimits.Checked(state, ChildOutcome.Of(task, child, unit.Context.Now), unit.Context));
                    unit.Decide(state);
                }
            });
        }
    }

    private async Task ReviveParentAsync(OutboxRow row)
    {
        if (instances.RowOf(row.WorkflowId) is { } child && !child.Status.IsTerminal())
        {
            await operations.ReviveParentAsync(row.WorkflowId).ConfigureAwait(false);
        }
        await DropAsync(row).ConfigureAwait(false);
    }

    private Task TerminateChildAsync(OutboxRow row)
    {
        var childId = (string)row.Data["workflowId"]!;
        lock (families.Of(row.WorkflowId))
        {
            return !instances.Exists(childId) || IsOpenAgain(row.WorkflowId, childId) ? DropAsync(row) : runner.ChangeAsync(childId, (state, unit) =>
            {
                unit.Extra.DeletedOutbox.Add(row.Id);
                if (!state.Row.Status.IsTerminal())
                {
                    Ending.Terminated(state, unit.Context, (string?)row.Data["reason"]);
                }
            });
        }
    }

    /// <summary>The parent was set going again, with this child, before the child's turn to be terminated came.</summary>
    private bool IsOpenAgain(string parentId, string childId) =>
        instances.RowOf(parentId) is { } parent && !parent.Status.IsTerminal()
        && runner.Change(parentId, (state, _) => state.Open.Any(task => task.SubWorkflowId == childId)).Result;

    private Task StartFailureWorkflowAsync(OutboxRow row)
    {
        if (instances.Find(row.WorkflowId) is not { } failed)
        {
            return DropAsync(row);
        }
        JsonObject input;
        WorkflowRow failedRow;
        lock (failed.Gate)
        {
            input = FailureInput.Of(failed.State, starter.Accepts);
            failedRow = failed.State.Row;
        }
        return runner.CreateAsync(unit =>
        {
            unit.Extra.DeletedOutbox.Add(row.Id);
            return starter.Start(unit, new NewWorkflow
            {
                Graph = starter.Resolve((string)row.Data["name"]!, (int)row.Data["version"]!, null),
                WorkflowId = (string)row.Data["workflowId"]!,
                Input = input,
                CorrelationId = failedRow.CorrelationId,
                TaskToDomain = failedRow.TaskToDomain,
            });
        });
    }

    private Task GoOnAsync(OutboxRow row) => !instances.Exists(row.WorkflowId) ? DropAsync(row) : runner.ChangeAsync(row.WorkflowId, (state, unit) =>
    {
        unit.Extra.DeletedOutbox.Add(row.Id);
        unit.Decide(state);
    });

    private async Task PublishAsync(OutboxRow row)
    {
        await events.HandleAsync((string)row.Data["event"]!, (string)row.Data["messageId"]!, (JsonObject)row.Data["payload"]!).ConfigureAwait(false);
        await DropAsync(row).ConfigureAwait(false);
    }
}
