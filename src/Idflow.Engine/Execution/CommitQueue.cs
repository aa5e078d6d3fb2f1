using Idflow.Engine.Definitions;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace Idflow.Engine.Execution;

/// <summary>One commit: what is written, and whose state it is.</summary>
internal sealed class Commit(StoreChanges changes, IReadOnlyList<WorkflowInstance> instances, TaskCreationOptions continuations)
{
    public StoreChanges Changes { get; } = changes;

    public IReadOnlyList<WorkflowInstance> Instances { get; } = instances;

    public TaskCompletionSource Done { get; } = new(continuations);
}

/// <summary>
/// The only writer of the store. It takes all commits that wait and writes them in one transaction; what follows from them is done while
/// it writes the next ones (see <see cref="CommitSequel"/>). When a transaction fails its commits are tried one by one; one that still
/// fails makes the workflows it belongs to unusable in memory, so that they are read again as they are on disk.
/// </summary>
internal sealed class CommitQueue : IAsyncDisposable
{
    private readonly Queue<Commit> _waiting = new();
    private readonly IEngineStore _store;
    private readonly int _most;
    private readonly SnapshotCache _snapshots;
    private readonly CommitSequel _sequel;
    private readonly Action<CommitPoint> _atPoint;
    private readonly ILogger _log;
    private readonly BackgroundWork _background;
    private readonly Lock _order = new();
    private readonly TaskCompletionSource _closed;
    private bool _isWriting;
    private bool _isClosing;
    private long _lastEffect;

    /// <param name="most">Most commits of one transaction.</param>
    /// <param name="lastEffect">The highest id in the outbox.</param>
    /// <param name="snapshots">Told, in order, of what is about to be written and of what is on disk.</param>
    /// <param name="sequel">Given each commit, in order.</param>
    /// <param name="atPoint">Told of the points that are passed.</param>
    public CommitQueue(IEngineStore store, int most, long lastEffect, SnapshotCache snapshots, CommitSequel sequel, Action<CommitPoint> atPoint, BackgroundWork background, ILogger log)
    {
        (_store, _most, _lastEffect, _snapshots, _sequel, _atPoint, _background, _log) = (store, most, lastEffect, snapshots, sequel, atPoint, background, log);
        _closed = new TaskCompletionSource(background.Continuations);
    }

    /// <summary>Ends when the commit is on disk; commits are written in the order of these calls.</summary>
    public Task Enqueue(StoreChanges changes, IReadOnlyList<WorkflowInstance> instances)
    {
        var commit = new Commit(changes, instances, _background.Continuations);
        bool mustStart;
        lock (_order)
        {
            for (var i = 0; i < changes.Outbox.Count; i++)
            {
                changes.Outbox[i] = changes.Outbox[i] with { Id = ++_lastEffect };
            }
            if (_isClosing)
            {
                commit.Done.SetException(new ObjectDisposedException(nameof(CommitQueue), "The engine is closing"));
                return commit.Done.Task;
            }
            _waiting.Enqueue(commit);
            mustStart = !_isWriting;
            _isWriting = true;
        }
        if (mustStart)
        {
            _background.Run(WriteAll);
        }
        return commit.Done.Task;
    }

    /// <summary>A commit for one who is not alone in waiting for it.</summary>
    public Task Share(Task commit) => _background.Share(commit);

    /// <summary>Writes until nothing waits; one of these runs at a time.</summary>
    private void WriteAll()
    {
        var batch = new List<Commit>();
        while (Take(batch))
        {
            Write(batch);
            _sequel.Run(isMoreToCome: HasWaiting());
        }
    }

    private bool HasWaiting()
    {
        lock (_order)
        {
            return _waiting.Count > 0;
        }
    }

    private bool Take(List<Commit> batch)
    {
        batch.Clear();
        lock (_order)
        {
            while (batch.Count < _most && _waiting.TryDequeue(out var commit))
            {
                batch.Add(commit);
            }
            _isWriting = batch.Count > 0;
            if (!_isWriting && _isClosing)
            {
                _closed.TrySetResult();
            }
        }
        return batch.Count > 0;
    }

    private void Write(List<Commit> batch)
    {
        batch.RemoveAll(RestsOnLost);
        if (batch.Count == 0)
        {
            return;
        }
        try
        {
            batch.ForEach(commit => _snapshots.LeaveOutStored(commit.Changes));
            _atPoint(CommitPoint.BeforeTransaction);
            _store.Write(CommitMerge.Merge([.. batch.Select(commit => commit.Changes)]));
            _atPoint(CommitPoint.AfterCommit);
        }
        catch (Exception error) when (batch.Count > 1)
        {
            _log.LogWarning(error, "A transaction of {Count} commits failed; they are tried one by one", batch.Count);
            batch.ForEach(commit => Write([commit]));
            return;
        }
        catch (Exception error)
        {
            _log.LogError(error, "A commit failed");
            Fail(batch[0], error);
            return;
        }
        foreach (var commit in batch)
        {
            commit.Changes.Snapshots.ForEach(_snapshots.Stored);
            _sequel.Add(commit, null);
        }
    }

    private bool RestsOnLost(Commit commit)
    {
        var restsOnLost = commit.Instances.Any(instance => instance.HasLostCommit);
        if (restsOnLost)
        {
            Fail(commit, new IOException("An earlier change of the workflow could not be written"));
        }
        return restsOnLost;
    }

    private void Fail(Commit commit, Exception cause)
    {
        foreach (var instance in commit.Instances)
        {
            instance.HasLostCommit = true;
            instance.IsDead = true;
        }
        _sequel.Add(commit, cause);
    }

    /// <summary>What was enqueued before is written; what comes later is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_order)
        {
            _isClosing = true;
            if (!_isWriting)
            {
                _closed.TrySetResult();
            }
        }
        await _closed.Task.ConfigureAwait(false);
        await _sequel.DisposeAsync().ConfigureAwait(false);
    }
}
