namespace Idflow.Benchmarks.Load;

/// <summary>The load generator: any Conductor server, by default an <c>idflow up</c> of its own.</summary>
internal sealed class LoadSuite : ISuite
{
    public string Name => "load";

    public string Summary => "a Conductor server over REST: --url http://HOST:PORT/api (default: starts idflow up; --program IDFLOW), --only rate,hops,fork,loop,running, --seconds N, --running N, --with restate";

    public async Task<bool> RunAsync(SuiteOptions options, Report report)
    {
        var url = options.Text("url");
        var server = url is null ? await ServerProcess.StartAsync(options.Text("program") ?? ServerProcess.OfClone()) : null;
        await using var target = new RestTarget(url ?? server!.Api, server);
        await new LoadPlan(target, report, options).RunAsync(new LoadPlan.Goals(TasksPerSecond: 3_000, HopMs: 3, HopTailMs: 15, WorkflowMs: 25, ForkMs: 1_000));
        if (options.Text("with") == "restate")
        {
            await RestateRun.RunAsync(report, options);
        }

        return report.AllTargetsMet;
    }
}
