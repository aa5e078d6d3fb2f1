namespace Idflow.Workers.Polling;

/// <summary>The three steps of stopping a host.</summary>
internal sealed class HostLifetime : IDisposable
{
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _cancelTasks = new();
    private readonly CancellationTokenSource _giveUp = new();

    /// <summary>No new task is taken; running ones may finish.</summary>
    public CancellationToken Draining => _draining.Token;

    /// <summary>Running methods are told to stop and their tasks given back.</summary>
    public CancellationToken CancelTasks => _cancelTasks.Token;

    /// <summary>Results that the server does not take are given up.</summary>
    public CancellationToken GiveUp => _giveUp.Token;

    public Task DrainAsync() => _draining.CancelAsync();

    public Task CancelTasksAsync() => _cancelTasks.CancelAsync();

    public Task GiveUpAsync() => _giveUp.CancelAsync();

    public void Dispose()
    {
        _draining.Dispose();
        _cancelTasks.Dispose();
        _giveUp.Dispose();
    }
}
