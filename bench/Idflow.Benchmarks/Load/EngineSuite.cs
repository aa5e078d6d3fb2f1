namespace Idflow.Benchmarks.Load;

/// <summary>The same measurements on an engine in this process.</summary>
internal sealed class EngineSuite : ISuite
{
    public string Name => "engine";

    public string Summary => "the engine in this process: --store sqlite|memory, and the options of load";

    public async Task<bool> RunAsync(SuiteOptions options, Report report)
    {
        await using var target = await EngineTarget.OpenAsync(inMemory: options.Text("store") == "memory");
        await new LoadPlan(target, report, options).RunAsync(new LoadPlan.Goals(TasksPerSecond: 10_000, HopMs: 1, HopTailMs: 15, WorkflowMs: null, ForkMs: null));
        return report.AllTargetsMet;
    }
}
