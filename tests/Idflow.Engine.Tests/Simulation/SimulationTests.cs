using Idflow.Engine.Storage.Memory;

namespace Idflow.Engine.Tests.Simulation;

public sealed class SimulationTests
{
    private const int Seeds = 12;

    public static TheoryData<int> EverySeed() => [.. Enumerable.Range(1, Seeds)];

    [Theory]
    [MemberData(nameof(EverySeed))]
    public async Task Whatever_happens_nothing_is_lost_and_everything_ends(int seed)
    {
        await using var disk = new InMemoryStore();
        var run = new SimulatedRun(seed, disk);
        await run.RunAsync();
        Assert.Empty(Checkers.Check(run));
    }
}
