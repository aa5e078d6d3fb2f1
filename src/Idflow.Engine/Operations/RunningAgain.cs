using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Definitions;
using Idflow.Engine.Execution;

namespace Idflow.Engine.Operations;

/// <summary>Retry, restart and rerun of ended workflows, with the parents above them and the children below: which workflows, in which order. What is done to one is in the files of those names.</summary>
internal sealed class RunningAgain(WorkflowRunner runner, InstanceTable instances, FamilyGates families, Catalogue catalogue, SnapshotCache snapshots)
{
    public async Task RetryAsync(string workflowId, bool resumeSubworkflowTasks)
    {
        var target = resumeSubworkflowTasks ? DeepestFailed(workflowId) : workflowId;
        await ChangeAsync(target, (state, unit, tell) => Retry.Apply(NotArchived(state), unit, tell)).ConfigureAwait(false);
    }

    public Task RestartAsync(string workflowId, bool useLatestDefinitions) => ChangeAsync(workflowId, (state, unit, tell) =>
    {
        CheckRestartable(NotArchived(state));
        var graph = useLatestDefinitions
            ? catalogue.GraphOf(state.Row.Name, null, snapshots) ?? throw ConductorException.NotFound($"Unable to find latest definition for {workflowId}")
            : state.Graph;
        Restart.Apply(state, unit, graph, tell);
    });

    /// <returns>The id of the workflow.</returns>
    public async Task<string> RerunAsync(string workflowId, RerunWorkflowRequest request)
    {
        var target = request.ReRunFromTaskId is { Length: > 0 } taskId ? WorkflowOf(workflowId, taskId) : workflowId;
        if (target != workflowId)
        {
            await runner.ChangeAsync(workflowId, (state, unit) => TakeOver(CheckEnded(state), request, unit.Context.Services.Limits)).ConfigureAwait(false);
        }
        await ChangeAsync(target, (state, unit, tell) =>
        {
            CheckEnded(state);
            // Another change may have removed it since it was looked for.
            var from = string.IsNullOrEmpty(request.ReRunFromTaskId) ? null : state.Find(request.ReRunFromTaskId) ?? throw NoSuchTask(request.ReRunFromTaskId);
            if (target == workflowId)
            {
                TakeOver(state, request, unit.Context.Services.Limits);
            }
            if (from is null)
            {
                Rerun.FromStart(state, unit, tell);
            }
            else
            {
                Rerun.FromTask(state, unit, from, request.TaskInput, tell);
            }
        }).ConfigureAwait(false);
        return workflowId;
    }

    /// <summary>The input and the correlation id that a rerun brings.</summary>
    private static void TakeOver(WorkflowState state, RerunWorkflowRequest request, EngineLimits limits)
    {
        PayloadLimits.CheckInput(request.WorkflowInput ?? [], limits);
        if (request.WorkflowInput is not null || request.CorrelationId is not null)
        {
            state.Put(state.Row with
            {
                Input = (JsonObject?)request.WorkflowInput?.DeepClone() ?? state.Row.Input,
                ExternalInputPath = request.WorkflowInput is null ? state.Row.ExternalInputPath : PayloadLimits.InputPath(state.Id, request.WorkflowInput, limits),
                CorrelationId = request.CorrelationId ?? state.Row.CorrelationId,
            });
        }
    }

    private static WorkflowState CheckEnded(WorkflowState state) => NotArchived(state).Row.Status.IsTerminal() ? state
        : throw ConductorException.Conflict($"Workflow: {WorkflowErrors.ShortName(state.Row)}.{state.Row.Status} is not in terminal state, unable to rerun.");

    /// <summary>Sets a workflow going again, then its parents.</summary>
    private async Task ChangeAsync(string workflowId, Action<WorkflowState, ChangeUnit, Effect.ReviveParent?> change)
    {
        var tell = await runner.ChangeAsync(workflowId, (state, unit) =>
        {
            var tell = Above(state);
            change(state, unit, tell);
            return tell;
        }).ConfigureAwait(false);
        if (tell is not null)
        {
            await ReviveParentAsync(workflowId, tell).ConfigureAwait(false);
        }
    }

    /// <summary>What the parent of a workflow is to be told: that it opens again, as the one it is now. Null without a parent.</summary>
    private Effect.ReviveParent? Above(WorkflowState state) =>
        state.Row.ParentWorkflowId is { } parentId && instances.RowOf(parentId) is { } parent ? new Effect.ReviveParent(parent.Status, parent.LastRetriedTime) : null;

    /// <summary>
    /// Opens the parent of a workflow that is going again, its parents, and the siblings that ended with them. A parent that ended after
    /// the child was set going stays ended, and the child ends with it.
    /// </summary>
    /// <param name="evenOfEnded">
    /// Also when the workflow has ended again already: for one who knows that this end has not been handed up yet. A task opened after
    /// that would wait for ever.
    /// </param>
    public async Task ReviveParentAsync(string childId, Effect.ReviveParent seen, bool evenOfEnded = false)
    {
        if (instances.RowOf(childId) is not { ParentWorkflowId: { } parentId, ParentWorkflowTaskId: { } taskId } || !instances.Exists(parentId))
        {
            return;
        }
        var changes = new List<Task>();
        Effect.ReviveParent? above = null;
        lock (families.Of(parentId))
        {
            if (!evenOfEnded && instances.RowOf(childId)?.Status.IsTerminal() != false)
            {
                return;
            }
            IReadOnlyList<string> siblings = [];
            changes.Add(runner.ChangeAsync(parentId, (state, unit) =>
            {
                above = state.Row.Status.IsTerminal() ? Above(state) : null;
                siblings = Revival.Apply(state, unit, taskId, childId, seen, above);
            }));
            changes.AddRange(siblings.Where(sibling => sibling != childId).Select(RetrySiblingAsync));
        }
        await Task.WhenAll(changes).ConfigureAwait(false);
        if (above is not null)
        {
            await ReviveParentAsync(parentId, above).ConfigureAwait(false);
        }
    }

    /// <summary>A child that ended badly goes on, as its parent is open again.</summary>
    public void RetryChild(WorkflowState child, ChangeUnit unit) => Retry.OfChild(child, unit, Above(child));

    private Task RetrySiblingAsync(string workflowId) =>
        instances.RowOf(workflowId) is { } row && row.Status.IsTerminal() && !row.Status.IsSuccessful() ? runner.ChangeAsync(workflowId, RetryChild) : Task.CompletedTask;

    /// <summary>The workflow furthest down from the first task that ended badly.</summary>
    private string DeepestFailed(string workflowId)
    {
        var state = instances.Load(workflowId) ?? throw WorkflowErrors.NotFound(workflowId);
        var failed = state.Tasks.FirstOrDefault(task => task is { IsTerminal: true, Retried: false } && !task.Status.IsSuccessful());
        if (failed is { TaskType: TaskTypes.DoWhile })
        {
            failed = state.MembersOf(failed.ReferenceName, failed.Iteration)
                .FirstOrDefault(task => task.TaskType == TaskTypes.SubWorkflow && task.IsTerminal && !task.Status.IsSuccessful());
        }
        return failed is { TaskType: TaskTypes.SubWorkflow, SubWorkflowId: { } child } && instances.RowOf(child) is { Status: not WorkflowStatus.COMPLETED } row && row.Status.IsTerminal()
            ? DeepestFailed(child)
            : workflowId;
    }

    /// <summary>The workflow that a task belongs to, this one or one below it.</summary>
    private string WorkflowOf(string workflowId, string taskId)
    {
        _ = instances.RowOf(workflowId) ?? throw WorkflowErrors.NotFound(workflowId);
        return Search(workflowId, taskId) ?? throw NoSuchTask(taskId);
    }

    private static ConductorException NoSuchTask(string taskId) => ConductorException.BadRequest($"Task {taskId} not found");

    private string? Search(string workflowId, string taskId)
    {
        if (instances.Load(workflowId) is not { } state)
        {
            return null;
        }
        return state.Find(taskId) is not null ? workflowId
            : state.Tasks.Where(task => task.SubWorkflowId is not null).Select(task => Search(task.SubWorkflowId!, taskId)).FirstOrDefault(found => found is not null);
    }

    private static void CheckRestartable(WorkflowState state)
    {
        var name = $"Workflow: {WorkflowErrors.ShortName(state.Row)}.{state.Row.Status}";
        if (!state.Row.Status.IsTerminal())
        {
            throw ConductorException.Conflict($"{name} is not in terminal state, unable to restart.");
        }
        if (state.Row.Status == WorkflowStatus.COMPLETED && !state.Graph.Definition.Restartable)
        {
            throw ConductorException.NotFound($"{name} is non-restartable");
        }
    }

    private static WorkflowState NotArchived(WorkflowState state) => state.Row.Archived ? throw WorkflowErrors.NotFound(state.Id) : state;
}
