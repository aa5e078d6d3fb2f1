namespace Idflow.Benchmarks.Load;

/// <summary>All measurements of a target, each bounded in time or number, and what they should reach.</summary>
internal sealed class LoadPlan(ILoadTarget target, Report report, SuiteOptions options)
{
    /// <summary>The goals; null where there is none.</summary>
    internal sealed record Goals(double? TasksPerSecond, double? HopMs, double? HopTailMs, double? WorkflowMs, double? ForkMs);

    private readonly int _batch = options.Number("batch", 64);
    private readonly int _open = options.Number("open", 256);
    private readonly TimeSpan _time = TimeSpan.FromSeconds(options.Number("seconds", 5));

    /// <summary>The measurements wanted, of <c>rate,hops,fork,loop,running</c>.</summary>
    private readonly string _only = options.Text("only") ?? "rate,hops,fork,loop,running";

    public async Task RunAsync(Goals goals)
    {
        report.Heading(target.Title);
        report.Value("flushed writes of the disk", DiskRate.FlushesPerSecond(TimeSpan.FromSeconds(1)), "/s", null, "4 KiB each, one after another");
        var (branches, iterations) = (options.Number("branches", 1000), options.Number("iterations", 10_000));
        await target.DefineAsync(Flows.TaskDefs, Flows.All(branches, iterations));
        if (Wanted("rate"))
        {
            await RateAsync("SIMPLE tasks, workflows of 5", goals.TasksPerSecond, TimeSpan.FromSeconds(options.Number("warm-up", 3)));
        }

        if (Wanted("hops"))
        {
            await HopsAsync(goals);
        }

        if (Wanted("fork"))
        {
            await report.MeasureAsync($"fork of {branches:N0} branches, joined", 5, goals.ForkMs, () => new Shapes(target).ForkAsync(branches, branches));
        }

        if (Wanted("loop"))
        {
            await LoopAsync(iterations);
        }

        if (Wanted("running"))
        {
            await RunningAsync(options.Number("running", 100_000));
        }
    }

    private bool Wanted(string measurement) => _only.Split(',').Contains(measurement);

    private async Task RateAsync(string what, double? goal, TimeSpan warmUp)
    {
        using var throughput = new Throughput(target, _open, _batch);
        var outcome = await throughput.RunAsync(warmUp, _time);
        report.AtLeast(what, outcome.PerSecond, "/s", goal, outcome.ProcessorMicroseconds is { } each ? $"processor {each:0} µs a task, {target.ResidentBytes() >> 20} MiB resident" : "");
    }

    private async Task HopsAsync(Goals goals)
    {
        var runs = options.Number("runs", 100);
        await new Latency(target).RunAsync(Flows.SevenSteps, 7, Math.Max(5, runs / 5));
        var latency = new Latency(target);
        await latency.RunAsync(Flows.SevenSteps, 7, runs);
        report.Value("hop, p50", latency.Hops.Quantile(0.5), "ms", goals.HopMs, $"{latency.Hops.Count} hops");
        report.Value("hop, p99", latency.Hops.Quantile(0.99), "ms", goals.HopTailMs);
        report.Value("workflow of 7 steps, p50", latency.Workflows.Quantile(0.5), "ms", goals.WorkflowMs, $"{runs} workflows, one after another");
        report.Value("workflow of 7 steps, p99", latency.Workflows.Quantile(0.99), "ms", null);
    }

    private async Task LoopAsync(int iterations)
    {
        var samples = await new Shapes(target).LoopAsync(iterations);
        var tenth = Math.Max(1, iterations / 10);
        var (first, last) = (samples.MedianOf(..tenth), samples.MedianOf(^tenth..));
        report.Value($"DO_WHILE of {iterations:N0}: last tenth to first", last / first, "x", 1.5, $"median iteration {first:0.00} ms, then {last:0.00} ms");
    }

    /// <summary>The rate again while more and more other workflows wait, half of them for a time and half for a worker.</summary>
    private async Task RunningAsync(int most)
    {
        var running = 0;
        foreach (var wanted in ((int[])[1, 1_000, 10_000, 100_000]).Where(number => number <= most))
        {
            while (running < wanted)
            {
                var more = Math.Min(256, wanted - running);
                await Task.WhenAll(Enumerable.Range(running, more).Select(i => target.StartAsync(i % 2 == 0 ? Flows.WaitingTimed : Flows.WaitingQueued, Flows.Payload())));
                running += more;
            }

            await RateAsync($"the same beside {running:N0} waiting workflows", null, TimeSpan.FromSeconds(1));
        }
    }
}
