using System.Diagnostics;

namespace Idflow.Benchmarks.Load;

/// <summary>One workflow at a time, each step's poller waiting before the step comes.</summary>
internal sealed class Latency(ILoadTarget target)
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(5);

    /// <summary>From the call that completes a step to the answer of the poll that brings the next one.</summary>
    public Samples Hops { get; } = new();

    /// <summary>From the call that starts a workflow to the first look that sees it completed.</summary>
    public Samples Workflows { get; } = new();

    public async Task RunAsync(string flow, int steps, int runs)
    {
        var types = Flows.TypesOf(flow, steps);
        for (var run = 0; run < runs; run++)
        {
            var whole = Stopwatch.StartNew();
            var next = target.PollAsync(types[0], 1, LongPoll);
            var workflowId = await target.StartAsync(flow, Flows.Payload());
            for (var step = 0; step < steps; step++)
            {
                var task = (await next)[0];
                next = step + 1 < steps ? target.PollAsync(types[step + 1], 1, LongPoll) : next;
                var hop = Stopwatch.StartNew();
                var completed = target.CompleteAsync(task);
                if (step + 1 < steps)
                {
                    await next;
                    Hops.Add(hop.Elapsed);
                }

                await completed;
            }

            while (!await target.IsCompletedAsync(workflowId))
            {
                await Task.Delay(1);
            }

            Workflows.Add(whole.Elapsed);
        }
    }
}
