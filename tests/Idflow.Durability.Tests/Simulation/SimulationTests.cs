
namespace Idflow.Durability.Tests.Simulation;

public sealed class SimulationTests
{
    /// <summary>A few seconds of them; the command <c>simulate</c> runs as many as one likes.</summary>
    private const int Seeds = 20;

    public static TheoryData<int> EverySeed() => [.. Enumerable.Range(1, Seeds)];

    [Theory]
    [MemberData(nameof(EverySeed))]
    public void Whatever_happens_nothing_is_lost_and_everything_ends(int seed) => Assert.Empty(SimulateProgram.RunSeed(seed, onDisk: false).Faults);

    [Fact]
    public void The_same_holds_over_the_database() => Assert.Empty(SimulateProgram.RunSeed(1, onDisk: true).Faults);

    /// <summary>Whatever goes on on another thread is seen here, sooner or later: it comes a little earlier in one run than in the other.</summary>
    [Theory]
    [MemberData(nameof(EverySeed))]
    public void A_seed_gives_the_same_run_again(int seed) =>
        Assert.Equal(SimulateProgram.RunSeed(seed, onDisk: false).Fingerprint, SimulateProgram.RunSeed(seed, onDisk: false).Fingerprint);
}
