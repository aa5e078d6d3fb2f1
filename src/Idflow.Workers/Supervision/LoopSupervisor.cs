using Idflow.Workers.Polling;
using Idflow.Workers.Telemetry;
using Microsoft.Extensions.Logging;

namespace Idflow.Workers.Supervision;

/// <summary>Starts a loop again, with growing waits, whenever it ends by an exception.</summary>
internal sealed class LoopSupervisor(string name, WorkerHostOptions options)
{
    private int _restarts;

    public int Restarts => Volatile.Read(ref _restarts);

    /// <summary>Returns when the loop returns, or after <paramref name="stop"/>.</summary>
    public async Task RunAsync(Func<Task> loop, CancellationToken stop)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), options.LongestBackoff);
        while (!stop.IsCancellationRequested)
        {
            var started = options.TimeProvider.GetTimestamp();
            try
            {
                await Task.Run(loop, CancellationToken.None);
                return;
            }
#pragma warning disable CA1031 // The supervisor exists for the exceptions that nobody foresaw.
            catch (Exception e)
            {
                if (options.TimeProvider.GetElapsedTime(started) > options.LongestBackoff)
                {
                    backoff.Reset();
                }

                Interlocked.Increment(ref _restarts);
                WorkerMetrics.Uncaught.Count(name);
                WorkerMetrics.Restarts.Count(name);
                var wait = backoff.Next();
                options.Logger.LogError(e, "The poll loop of {TaskType} failed and starts again in {Wait}.", name, wait);
                await Task.Delay(wait, options.TimeProvider, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
#pragma warning restore CA1031
        }
    }
}
