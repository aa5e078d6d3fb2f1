using Idflow.Engine.Execution;

namespace Idflow.Engine;

/// <summary>Some workflows that somebody waits for. Ends with its disposal. Used by one caller at a time.</summary>
public sealed class WorkflowWatch : IDisposable
{
    private readonly WorkflowWatches _owner;
    private readonly HashSet<string> _watched = [];
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly Lock _gate = new();

    internal WorkflowWatch(WorkflowWatches owner) => _owner = owner;

    /// <summary>Watches one more workflow; one that is watched already changes nothing.</summary>
    public void Add(string workflowId)
    {
        if (_watched.Add(workflowId))
        {
            _owner.Add(workflowId, this);
        }
    }

    /// <summary>Ends with the next change of a watched workflow that is on disk, at once when there was one since the last call.</summary>
    /// <returns>False when the time is over.</returns>
    public async Task<bool> ChangedAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken = default)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _changed.WaitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    internal void Notify()
    {
        lock (_gate)
        {
            if (_changed.CurrentCount == 0)
            {
                _changed.Release();
            }
        }
    }

    public void Dispose()
    {
        foreach (var workflowId in _watched)
        {
            _owner.Remove(workflowId, this);
        }
    }
}
