using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Definitions;
using Idflow.Engine.State;

namespace Idflow.Engine.Execution;

/// <summary>
/// Changes workflows: one change at a time for each, in memory and at once; the commits follow in the same order. A caller waits
/// for its commit outside of the workflow, so many changes of one workflow share a transaction.
/// </summary>
internal sealed class WorkflowRunner(InstanceTable instances, CommitQueue commits, SubWorkflowStart subWorkflows, FailureStart failures, DecisionServices services, TimeProvider time)
{
    public DecisionContext NewContext() => new(services, Now());

    public long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Changes a workflow and waits until the change, and what was changed before it, is on disk.</summary>
    /// <exception cref="ConductorException">404 for an unknown id, and what <paramref name="change"/> throws.</exception>
    public async Task<T> ChangeAsync<T>(string workflowId, Func<WorkflowState, ChangeUnit, T> change)
    {
        var (result, commit) = Change(workflowId, change);
        await commits.Share(commit).ConfigureAwait(false);
        return result;
    }

    public Task ChangeAsync(string workflowId, Action<WorkflowState, ChangeUnit> change) => ChangeAsync(workflowId, (state, unit) =>
    {
        change(state, unit);
        return true;
    });

    /// <summary>Changes a workflow; the task ends when the change is on disk.</summary>
    public (T Result, Task Commit) Change<T>(string workflowId, Func<WorkflowState, ChangeUnit, T> change)
    {
        T result;
        Task commit;
        while (!TryChange(workflowId, Timeout.InfiniteTimeSpan, change, out result, out commit))
        {
        }
        return (result, commit);
    }

    /// <summary>The same for one who does not wait longer than that for whoever holds the workflow.</summary>
    /// <returns>False when nothing was changed.</returns>
    public bool TryChange<T>(string workflowId, TimeSpan patience, Func<WorkflowState, ChangeUnit, T> change, out T result, out Task commit)
    {
        instances.Trim();
        (result, commit) = (default!, Task.CompletedTask);
        while (true)
        {
            var instance = instances.Find(workflowId) ?? throw WorkflowErrors.NotFound(workflowId);
            if (!instance.Gate.TryEnter(patience))
            {
                return false;
            }
            try
            {
                if (!instance.IsDead)
                {
                    var unit = new ChangeUnit(NewContext());
                    result = Apply(instance, unit, change);
                    commit = Commit(instance, unit);
                    return true;
                }
            }
            finally
            {
                instance.Gate.Exit();
            }
        }
    }

    /// <summary>Reads a workflow as the changes so far have made it, on disk or not yet.</summary>
    /// <param name="read">Changes nothing, and keeps nothing of the state.</param>
    /// <exception cref="ConductorException">404 for an unknown id.</exception>
    public T Read<T>(string workflowId, Func<WorkflowState, T> read)
    {
        instances.Trim();
        while (true)
        {
            var instance = instances.Find(workflowId) ?? throw WorkflowErrors.NotFound(workflowId);
            lock (instance.Gate)
            {
                if (!instance.IsDead)
                {
                    var result = read(instance.State);
                    LeaveIfEnded(instance);
                    return result;
                }
            }
        }
    }

    /// <summary>Adds a workflow that <paramref name="create"/> makes; nothing is kept when it throws.</summary>
    public async Task<T> CreateAsync<T>(Func<ChangeUnit, T> create)
    {
        instances.Trim();
        var unit = new ChangeUnit(NewContext());
        var result = create(unit);
        await commits.Share(Commit(null, unit)).ConfigureAwait(false);
        return result;
    }

    /// <summary>Writes rows that belong to no workflow.</summary>
    public Task WriteAsync(StoreChanges changes) => commits.Enqueue(changes, []);

    private T Apply<T>(WorkflowInstance instance, ChangeUnit unit, Func<WorkflowState, ChangeUnit, T> change)
    {
        try
        {
            return change(instance.State, unit);
        }
        catch
        {
            if (instance.State.IsChanged)
            {
                instances.Remove(instance);
            }
            throw;
        }
    }

    private Task Commit(WorkflowInstance? instance, ChangeUnit unit)
    {
        subWorkflows.StartChildren(instance?.State, unit);
        failures.StartAtOnce(instance?.State, unit);
        var changes = unit.Commit;
        instance?.State.MoveChangesTo(changes);
        List<WorkflowInstance> changed = instance is null ? [] : [instance];
        foreach (var state in unit.Created)
        {
            var created = new WorkflowInstance(state);
            changed.Add(created);
            state.MoveChangesTo(changes);
            SnapshotCache.AddTo(changes, state.Graph);
            instances.Add(created);
        }
        unit.LetUnfinishedGoOn();
        if (changes.IsEmpty)
        {
            LeaveIfEnded(instance);
            return instance?.LastCommit ?? Task.CompletedTask;
        }
        if (instance is not null && changes.Workflows.Count > 0)
        {
            SnapshotCache.AddTo(changes, instance.State.Graph);
        }
        var commit = commits.Enqueue(changes, changed);
        changed.ForEach(each => each.LastCommit = commit);
        if (instance is not null && changes.DeletedWorkflows.Contains(instance.Id))
        {
            // Nothing may be written of it any more: who wants it waits, and then finds it gone, or still on disk.
            instance.IsDead = true;
        }
        return commit;
    }

    /// <summary>An ended workflow that was only looked at leaves the memory again.</summary>
    private void LeaveIfEnded(WorkflowInstance? instance)
    {
        if (instance is { LastCommit.IsCompleted: true } && instance.State.Row.Status.IsTerminal())
        {
            instances.Remove(instance);
        }
    }
}
