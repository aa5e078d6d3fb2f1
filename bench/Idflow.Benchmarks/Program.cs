using System.Globalization;
using Idflow.Benchmarks;
using Idflow.Benchmarks.Documents;
using Idflow.Benchmarks.Engine;
using Idflow.Benchmarks.Load;
using Idflow.Benchmarks.Research;
using Idflow.Benchmarks.Scale;

// dotnet run -c Release --project bench/Idflow.Benchmarks -- SUITE [--option value ..]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
ISuite[] suites = [new DocumentsSuite(), new EngineStoreSuite(), new EngineSuite(), new LoadSuite(), new ScaleSuite(), new ResearchSuite()];
var suite = Array.Find(suites, candidate => candidate.Name == args.FirstOrDefault());
if (suite is null)
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench/Idflow.Benchmarks -- SUITE [--option value ..]");
    foreach (var known in suites)
    {
        Console.Error.WriteLine($"  {known.Name,-12} {known.Summary}");
    }

    return 2;
}

return await suite.RunAsync(new SuiteOptions(args[1..]), new Report(Console.Out)) ? 0 : 1;
