using System.Threading.Channels;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace Idflow.Engine.Execution;

/// <summary>One commit: what is written, and whose state it is.</summary>
internal sealed class Commit(StoreChanges changes, IReadOnlyList<WorkflowInstance> instances)
{
    public StoreChanges Changes { get; } = changes;

    public IReadOnlyList<WorkflowInstance> Instances { get; } = instances;

    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// The only writer of the store. It takes all commits that wait, writes them in one transaction, and then carries out what follows
/// from them and tells those who wait. When a transaction fails its commits are tried one by one; one that still fails makes the
/// workflows it belongs to unusable in memory, so that they are read again as they are on disk.
/// </summary>
internal sealed class CommitQueue : IAsyncDisposable
{
    private readonly Channel<Commit> _waiting = Channel.CreateUnbounded<Commit>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IEngineStore _store;
    private readonly int _most;
    private readonly Action<StoreChanges> _prepare;
    private readonly Action<Commit> _carry;
    private readonly Action<Commit> _failed;
    private readonly Action<CommitPoint> _atPoint;
    private readonly ILogger _log;
    private readonly Lock _order = new();
    private readonly Task _writer;
    private long _lastEffect;

    /// <param name="most">Most commits of one transaction.</param>
    /// <param name="lastEffect">The highest id in the outbox.</param>
    /// <param name="prepare">Called for each commit that is about to be written, in order.</param>
    /// <param name="carry">Called for each commit that is on disk, in order.</param>
    /// <param name="failed">Called for each commit that is not.</param>
    /// <param name="atPoint">Told of the points that are passed.</param>
    public CommitQueue(IEngineStore store, int most, long lastEffect, Action<StoreChanges> prepare, Action<Commit> carry, Action<Commit> failed, Action<CommitPoint> atPoint, ILogger log)
    {
        (_store, _most, _lastEffect, _prepare, _carry, _failed, _atPoint, _log) = (store, most, lastEffect, prepare, carry, failed, atPoint, log);
        _writer = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>Ends when the commit is on disk; commits are written in the order of these calls.</summary>
    public Task Enqueue(StoreChanges changes, IReadOnlyList<WorkflowInstance> instances)
    {
        var commit = new Commit(changes, instances);
        lock (_order)
        {
            for (var i = 0; i < changes.Outbox.Count; i++)
            {
                changes.Outbox[i] = changes.Outbox[i] with { Id = ++_lastEffect };
            }
            if (!_waiting.Writer.TryWrite(commit))
            {
                commit.Done.SetException(new ObjectDisposedException(nameof(CommitQueue), "The engine is closing"));
            }
        }
        return commit.Done.Task;
    }

    private async Task Run()
    {
        var batch = new List<Commit>();
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < _most && _waiting.Reader.TryRead(out var commit))
            {
                batch.Add(commit);
            }
            Write(batch);
        }
    }

    private void Write(List<Commit> batch)
    {
        batch.RemoveAll(commit => RestsOnLost(commit));
        if (batch.Count == 0)
        {
            return;
        }
        batch.ForEach(commit => _prepare(commit.Changes));
        try
        {
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
        batch.ForEach(Finish);
    }

    private void Finish(Commit commit)
    {
        try
        {
            _carry(commit);
        }
        catch (Exception error)
        {
            _log.LogCritical(error, "What follows from a commit could not be carried out");
        }
        commit.Done.SetResult();
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
        commit.Done.SetException(new StoreUnavailableException(cause));
        _failed(commit);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writer.ConfigureAwait(false);
    }
}
