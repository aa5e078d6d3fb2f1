using System.Collections.Concurrent;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Definitions;
using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Execution;

/// <summary>The workflows in memory: those that run, up to a number, and those that are being changed.</summary>
/// <param name="most">Workflows beyond which those that were used least lately leave the memory.</param>
internal sealed class InstanceTable(IEngineStore store, SnapshotCache snapshots, BackgroundWork background, int most)
{
    private readonly ConcurrentDictionary<string, WorkflowInstance> _instances = new();
    private readonly Lock _loading = new();
    private long _uses;
    private int _came;

    /// <summary>By id, so that what is done to all is done in the same order wherever.</summary>
    public IReadOnlyList<WorkflowInstance> All => [.. _instances.Values.OrderBy(instance => instance.Id, StringComparer.Ordinal)];

    public WorkflowInstance? InMemory(string workflowId) => _instances.GetValueOrDefault(workflowId);

    /// <summary>From memory, else from the store. Null for an unknown id.</summary>
    public WorkflowInstance? Find(string workflowId)
    {
        if (_instances.TryGetValue(workflowId, out var known) && !known.IsDead)
        {
            return Used(known);
        }
        // What a dead instance still has on its way must be written, or have failed, before its rows are read.
        if (known is { LastCommit.IsCompleted: false })
        {
            background.WaitFor(known.LastCommit);
        }
        lock (_loading)
        {
            if (_instances.TryGetValue(workflowId, out known) && !known.IsDead)
            {
                return Used(known);
            }
            if (Load(workflowId) is { } state)
            {
                var loaded = new WorkflowInstance(state);
                Add(loaded);
                return loaded;
            }
            _instances.TryRemove(workflowId, out _);
            return null;
        }
    }

    public void Add(WorkflowInstance instance)
    {
        _instances[instance.Id] = Used(instance);
        Interlocked.Increment(ref _came);
    }

    private WorkflowInstance Used(WorkflowInstance instance)
    {
        instance.LastUse = Interlocked.Increment(ref _uses);
        return instance;
    }

    /// <summary>
    /// Takes workflows that were used least lately out of memory when there are too many, once for some that came. To be called by one
    /// who holds no workflow's gate.
    /// </summary>
    public void Trim()
    {
        if (_came <= most / 8 || Interlocked.Exchange(ref _came, 0) <= most / 8 || _instances.Count <= most)
        {
            return;
        }
        foreach (var instance in _instances.Values.Select(instance => (Instance: instance, instance.LastUse)).OrderBy(pair => pair.LastUse).Take(_instances.Count - most).Select(pair => pair.Instance))
        {
            if (!instance.Gate.IsHeldByCurrentThread && instance.Gate.TryEnter())
            {
                try
                {
                    if (instance is { IsDead: false, LastCommit.IsCompleted: true })
                    {
                        Remove(instance);
                    }
                }
                finally
                {
                    instance.Gate.Exit();
                }
            }
        }
    }

    /// <summary>Marks an instance as unusable and forgets it.</summary>
    public void Remove(WorkflowInstance instance)
    {
        instance.IsDead = true;
        if (instance.LastCommit.IsCompleted)
        {
            _instances.TryRemove(KeyValuePair.Create(instance.Id, instance));
        }
    }

    /// <summary>Forgets a workflow that has been deleted; another one may have come under its id.</summary>
    public void Forget(string workflowId)
    {
        if (_instances.TryGetValue(workflowId, out var instance) && instance.IsDead)
        {
            _instances.TryRemove(KeyValuePair.Create(workflowId, instance));
        }
    }

    /// <summary>Takes an ended workflow out of memory once its changes are on disk, unless it has been set going again.</summary>
    public async Task EvictAsync(WorkflowInstance instance)
    {
        while (!instance.IsDead)
        {
            await background.Share(instance.LastCommit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (instance.Gate)
            {
                if (!instance.State.Row.Status.IsTerminal())
                {
                    return;
                }
                if (instance.LastCommit.IsCompleted)
                {
                    Remove(instance);
                }
            }
        }
    }

    public bool Exists(string workflowId) => RowOf(workflowId) is not null;

    /// <summary>A workflow's row as it is now.</summary>
    public WorkflowRow? RowOf(string workflowId) => InMemory(workflowId) is { IsDead: false } live ? live.State.Row : store.ReadWorkflow(workflowId);

    /// <summary>A copy of a workflow's state that nobody changes, from the store.</summary>
    public WorkflowState? Load(string workflowId) => store.ReadWorkflow(workflowId) is { } row
        ? WorkflowState.Load(row, snapshots.Get(row.SnapshotId), store.ReadTasks(workflowId),
            row.Status.IsTerminal() ? null : store.ReadMessages(workflowId))
        : null;
}
