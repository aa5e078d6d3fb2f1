using System.Diagnostics;

namespace Idflow.Benchmarks.Load;

/// <summary>Many workflows of five steps at once: batch polls of each task type, and as many completions under way as a batch has.</summary>
internal sealed class Throughput(ILoadTarget target, int open, int batch) : IDisposable
{
    private const int Steps = 5;
    private const int Starters = 32;
    private static readonly TimeSpan LongPoll = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _room = new(open);
    private long _completed;
    private volatile bool _stopping;
    private volatile Exception? _failure;

    /// <summary>Tasks completed per second, and processor time of the serving process for each.</summary>
    internal sealed record Outcome(double PerSecond, double? ProcessorMicroseconds);

    /// <summary>Runs for <paramref name="warmUp"/> and then <paramref name="time"/>; ends when all that was started has ended.</summary>
    public async Task<Outcome> RunAsync(TimeSpan warmUp, TimeSpan time)
    {
        var types = Flows.TypesOf(Flows.Steps, Steps);
        Task[] starters = [.. Enumerable.Range(0, Starters).Select(_ => StartAsync())];
        Task[] workers = [.. types.Select((type, i) => WorkAsync(type, isLast: i == Steps - 1))];
        await Task.Delay(warmUp);
        var before = (Interlocked.Read(ref _completed), target.ProcessorTime());
        var clock = Stopwatch.StartNew();
        await Task.Delay(time);
        var done = Interlocked.Read(ref _completed) - before.Item1;
        var perSecond = done / clock.Elapsed.TotalSeconds;
        var processor = (target.ProcessorTime() - before.Item2)?.TotalMicroseconds / Math.Max(1, done);
        _stopping = true;
        await Task.WhenAll(starters);
        await Task.WhenAll(workers);
        if (_failure is { } failure)
        {
            throw new InvalidOperationException("A completion was refused", failure);
        }

        return new Outcome(perSecond, processor);
    }

    private async Task StartAsync()
    {
        while (true)
        {
            await _room.WaitAsync();
            if (_stopping)
            {
                _room.Release();
                return;
            }

            await target.StartAsync(Flows.Steps, Flows.Payload());
        }
    }

    /// <summary>Polls again while the tasks of earlier polls are being completed, up to a number of tasks under way.</summary>
    private async Task WorkAsync(string type, bool isLast)
    {
        using var slots = new SemaphoreSlim(batch);
        while (_failure is null && (!_stopping || _room.CurrentCount < open))
        {
            await slots.WaitAsync();
            var most = 1;
            while (most < batch && slots.Wait(0))
            {
                most++;
            }

            var tasks = await target.PollAsync(type, most, LongPoll);
            if (most > tasks.Count)
            {
                slots.Release(most - tasks.Count);
            }

            foreach (var task in tasks)
            {
                _ = CompleteAsync(task, slots, isLast);
            }
        }

        for (var i = 0; i < batch; i++)
        {
            await slots.WaitAsync();
        }
    }

    private async Task CompleteAsync(HandedOut task, SemaphoreSlim slots, bool isLast)
    {
        try
        {
            await target.CompleteAsync(task);
            Interlocked.Increment(ref _completed);
        }
        catch (Exception failure)
        {
            (_failure, _stopping) = (failure, true);
        }

        slots.Release();
        if (isLast)
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();
}
