using System.Runtime.ExceptionServices;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Definitions;
using Idflow.Engine.Operations;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace Idflow.Engine.Execution;

/// <summary>
/// Opening: open tasks go into the queues and timers, the outbox to its handlers. Workflows come into memory when something happens
/// to them. At once that are those whose tasks were held by workers of a process that is dead, and those that nothing outside will move.
/// </summary>
internal sealed class Recovery : IOpenExecutions
{
    private readonly EngineParts _parts;
    private readonly CancellationToken _cancellation;

    /// <summary>Workflows with tasks that a dead worker held.</summary>
    private readonly SortedDictionary<string, List<TaskRow>> _held = new(StringComparer.Ordinal);

    /// <summary>Workflows that nothing outside will move.</summary>
    private readonly List<string> _unmoved = [];
    private string? _workflowId;
    private WorkflowGraph? _graph;
    private bool _isUnmoved;

    private Recovery(EngineParts parts, CancellationToken cancellation) => (_parts, _cancellation) = (parts, cancellation);

    public static async Task RunAsync(EngineParts parts, CancellationToken cancellationToken)
    {
        var outbox = parts.Store.ReadOutbox();
        var recovery = new Recovery(parts, cancellationToken);
        parts.Store.ReadOpen(recovery);
        await recovery.ChangeAsync().ConfigureAwait(false);
        foreach (var row in outbox)
        {
            parts.Outbox.Dispatch(row);
        }
    }

    void IOpenExecutions.Add(WorkflowRow workflow)
    {
        _cancellation.ThrowIfCancellationRequested();
        EndOfWorkflow();
        _graph = _parts.Snapshots.Get(workflow.SnapshotId);
        _workflowId = workflow.WorkflowId;
        _isUnmoved = workflow.Status == WorkflowStatus.RUNNING;
        _parts.Carrier.Carry(workflow, _graph.Definition);
    }

    void IOpenExecutions.Add(TaskRow task)
    {
        _isUnmoved &= OperatorTable.KindOf(task) == OperatorKind.Sync;
        if (_parts.Options.OwnWorkerIdPrefix is { } prefix && TaskHandOut.IsHeldBy(task, prefix))
        {
            // No timer: a limit that ran out while no engine was open is not the fault of a worker that died with it. It has its place until it is
            // back in its queue on disk.
            _parts.Queues.Follow(_graph!.WithEntry(task));
            (_held.TryGetValue(task.WorkflowId, out var held) ? held : _held[task.WorkflowId] = []).Add(task);
            return;
        }
        _parts.Carrier.Carry(_graph!.WithEntry(task));
    }

    /// <exception cref="EngineStoreException">The disk fails: opening ends, rather than leave out a workflow that is sound.</exception>
    void IOpenExecutions.Unreadable(string workflowId, Exception error)
    {
        if (StoreFault.IsPassing(error))
        {
            ExceptionDispatchInfo.Throw(error);
        }
        Log(workflowId, error);
    }

    private void EndOfWorkflow()
    {
        if (_isUnmoved)
        {
            _unmoved.Add(_workflowId!);
        }
        _isUnmoved = false;
    }

    /// <summary>Changes what has to be; the changes share transactions.</summary>
    private async Task ChangeAsync()
    {
        EndOfWorkflow();
        var commits = new List<(string WorkflowId, Task Commit)>();
        foreach (var (workflowId, tasks) in _held)
        {
            // Known until it is on disk: while the store refuses it, nothing else may happen to these tasks.
            _parts.LostCommits.HeldByTheDead[workflowId] = tasks;
            Change(commits, workflowId, (state, unit) => tasks.ForEach(held => TaskHandOut.ReleaseUnlessTaken(state, unit, held)));
        }
        foreach (var workflowId in _unmoved)
        {
            Change(commits, workflowId, (state, unit) => unit.Decide(state));
        }
        foreach (var (workflowId, commit) in commits)
        {
            try
            {
                await _parts.Commits.Share(commit).ConfigureAwait(false);
                _parts.LostCommits.HeldByTheDead.TryRemove(workflowId, out _);
            }
            catch (Exception error)
            {
                Log(workflowId, error);
            }
        }
    }

    private void Change(List<(string, Task)> commits, string workflowId, Action<Decisions.WorkflowState, ChangeUnit> change)
    {
        _cancellation.ThrowIfCancellationRequested();
        try
        {
            commits.Add((workflowId, _parts.Runner.Change(workflowId, (state, unit) =>
            {
                change(state, unit);
                return true;
            }).Commit));
        }
        catch (Exception error) when (!StoreFault.IsPassing(error))
        {
            Log(workflowId, error);
        }
    }

    /// <summary>One workflow that cannot be carried on must not keep all others from running.</summary>
    private void Log(string workflowId, Exception error) => _parts.Log.LogError(error, "Workflow {WorkflowId} could not be carried on", workflowId);
}
