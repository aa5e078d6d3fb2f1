namespace Idflow.Engine.Execution;

/// <summary>Lets one in at a time, in the order of arrival.</summary>
internal sealed class AsyncGate(BackgroundWork background)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private bool _isTaken;

    public async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        await EnterAsync().ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    public Task RunAsync(Func<Task> work) => RunAsync(async () =>
    {
        await work().ConfigureAwait(false);
        return true;
    });

    private Task EnterAsync()
    {
        lock (_lock)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return Task.CompletedTask;
            }
            var turn = new TaskCompletionSource(background.Continuations);
            _waiting.Enqueue(turn);
            return turn.Task;
        }
    }

    private void Leave()
    {
        TaskCompletionSource? next;
        lock (_lock)
        {
            _isTaken = _waiting.TryDequeue(out next);
        }
        if (next is not null)
        {
            background.Complete(next);
        }
    }
}
