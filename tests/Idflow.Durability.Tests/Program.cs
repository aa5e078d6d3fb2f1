using Idflow.Durability.Tests.Fixtures;
using Idflow.Durability.Tests.Killing;

namespace Idflow.Durability.Tests;

/// <summary>The tests, and under names of their own the longer runs that are made on demand; see README.md.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => args switch
    {
        ["simulate", .. var rest] => Task.FromResult(Simulation.SimulateProgram.Run(new Arguments(rest))),
        ["fuzz", .. var rest] => Fuzzing.FuzzProgram.RunAsync(new Arguments(rest)),
        ["kill", .. var rest] => KillProgram.RunAsync(new Arguments(rest)),
        ["fixture", var file] => FixtureProgram.RunAsync(file),
        _ => Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    };
}
