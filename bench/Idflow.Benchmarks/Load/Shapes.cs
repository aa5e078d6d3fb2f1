using System.Diagnostics;

namespace Idflow.Benchmarks.Load;

/// <summary>One wide workflow, and one long one.</summary>
internal sealed class Shapes(ILoadTarget target)
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(5);

    /// <summary>A fork of branches of one task each: from its start until it is seen joined and completed.</summary>
    public async Task<TimeSpan> ForkAsync(int branches, int batch)
    {
        var clock = Stopwatch.StartNew();
        var workflowId = await target.StartAsync(Flows.Fork, Flows.Payload());
        var completions = new List<Task>();
        while (completions.Count < branches)
        {
            var tasks = await target.PollAsync(Flows.ForkWork, batch, LongPoll);
            completions.AddRange(tasks.Select(target.CompleteAsync));
        }

        await Task.WhenAll(completions);
        await EndOfAsync(workflowId);
        return clock.Elapsed;
    }

    /// <summary>A loop of one task: the time of each iteration.</summary>
    public async Task<Samples> LoopAsync(int iterations)
    {
        var samples = new Samples();
        var next = target.PollAsync(Flows.LoopWork, 1, LongPoll);
        var workflowId = await target.StartAsync(Flows.Loop, Flows.Payload());
        for (var i = 0; i < iterations; i++)
        {
            var task = (await next)[0];
            var clock = Stopwatch.StartNew();
            next = i + 1 < iterations ? target.PollAsync(Flows.LoopWork, 1, LongPoll) : next;
            await target.CompleteAsync(task);
            await next;
            samples.Add(clock.Elapsed);
        }

        await EndOfAsync(workflowId);
        return samples;
    }

    private async Task EndOfAsync(string workflowId)
    {
        while (!await target.IsCompletedAsync(workflowId))
        {
            await Task.Delay(2);
        }
    }
}
