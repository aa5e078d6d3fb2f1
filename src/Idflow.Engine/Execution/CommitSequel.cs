using Microsoft.Extensions.Logging;

namespace Idflow.Engine.Execution;

/// <summary>
/// What follows from commits that are on disk, or could not be written, one after another in their order: queues and timers are brought in
/// line, and those who wait are told. The writer adds to it; while it has more to write, that goes on beside it.
/// </summary>
internal sealed class CommitSequel : IAsyncDisposable
{
    private readonly Queue<(Commit Commit, Exception? Error)> _waiting = new();
    private readonly Action<Commit> _carry;
    private readonly Action<Commit> _failed;
    private readonly BackgroundWork _background;
    private readonly ILogger _log;
    private readonly Lock _order = new();
    private readonly TaskCompletionSource _closed;
    private bool _isRunning;
    private bool _isClosing;

    /// <param name="carry">Called for each commit that is on disk.</param>
    /// <param name="failed">Called for each commit that is not.</param>
    public CommitSequel(Action<Commit> carry, Action<Commit> failed, BackgroundWork background, ILogger log)
    {
        (_carry, _failed, _background, _log) = (carry, failed, background, log);
        _closed = new TaskCompletionSource(background.Continuations);
    }

    /// <param name="error">Why the commit could not be written; null when it is on disk.</param>
    public void Add(Commit commit, Exception? error)
    {
        lock (_order)
        {
            _waiting.Enqueue((commit, error));
        }
    }

    /// <summary>Sees to it that what was added is done, at once unless the caller has more to do.</summary>
    public void Run(bool isMoreToCome)
    {
        lock (_order)
        {
            if (_isRunning || _waiting.Count == 0)
            {
                return;
            }
            _isRunning = true;
        }
        if (isMoreToCome)
        {
            _background.Run(RunAll);
        }
        else
        {
            RunAll();
        }
    }

    private void RunAll()
    {
        while (Next() is { } next)
        {
            if (next.Error is null)
            {
                Carry(next.Commit);
                _background.Complete(next.Commit.Done);
            }
            else
            {
                _background.Complete(next.Commit.Done, new StoreUnavailableException(next.Error));
                _failed(next.Commit);
            }
        }
    }

    private (Commit Commit, Exception? Error)? Next()
    {
        lock (_order)
        {
            if (_waiting.TryDequeue(out var next))
            {
                return next;
            }
            _isRunning = false;
            if (_isClosing)
            {
                _closed.TrySetResult();
            }
            return null;
        }
    }

    private void Carry(Commit commit)
    {
        try
        {
            _carry(commit);
        }
        catch (Exception error)
        {
            _log.LogCritical(error, "What follows from a commit could not be carried out");
        }
    }

    /// <summary>Ends when all that was added is done. Nothing may be added any more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_order)
        {
            _isClosing = true;
            if (!_isRunning)
            {
                _closed.TrySetResult();
            }
        }
        await _closed.Task.ConfigureAwait(false);
    }
}
