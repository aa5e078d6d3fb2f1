using System.Diagnostics;
using System.Globalization;

namespace Idflow.Durability.Tests.Fuzzing;

/// <summary>
/// <c>fuzz</c>: parsers and the HTTP layer, a seed after the other for so many minutes. Ends with a line <c>N passed, N failed</c>;
/// <c>--seed N</c> begins at that one.
/// </summary>
internal static class FuzzProgram
{
    private const int TextsOfSeed = 2_000;
    private const int RequestsOfSeed = 400;

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var first = arguments.Number("seed", Environment.ProcessId * 100_003 % 1_000_000_000);
        var limit = TimeSpan.FromSeconds(arguments.Number("seconds", 60 * arguments.Number("minutes", 1)));
        var clock = Stopwatch.StartNew();
        var (passed, failed) = (0, 0);
        for (var seed = first; clock.Elapsed < limit; seed++)
        {
            List<string> faults = [.. ParserFuzz.All.Keys.SelectMany(parser => Parse(parser, seed, TextsOfSeed)), .. await RequestAsync(seed, RequestsOfSeed)];
            (passed, failed) = faults.Count == 0 ? (passed + 1, failed) : (passed, failed + 1);
            faults.ForEach(fault => Console.WriteLine($"FAILED seed {seed}: {fault}"));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fuzz: {passed + failed} seeds from {first} on, {ParserFuzz.All.Count * TextsOfSeed} texts and {RequestsOfSeed} requests each"));
        Console.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    /// <returns>Texts that a parser failed on otherwise than it should, and how; of each kind of failure the first.</returns>
    public static IReadOnlyList<string> Parse(string parser, int seed, int texts)
    {
        var (examples, parse) = ParserFuzz.All[parser];
        var mutations = new Mutations(new Random(seed), examples);
        var faults = new Dictionary<string, string>();
        for (var i = 0; i < texts; i++)
        {
            var text = mutations.Next();
            try
            {
                parse(text);
            }
            catch (Exception error)
            {
                faults.TryAdd($"{error.GetType().Name} {error.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Idflow", StringComparison.Ordinal))?.Trim()}", $"{parser} <{text}>: {error.GetType().Name}: {error.Message}\n{error.StackTrace}");
            }
        }
        return [.. faults.Values];
    }

    public static async Task<IReadOnlyList<string>> RequestAsync(int seed, int requests)
    {
        await using var fuzz = await HttpFuzz.StartAsync(seed);
        return await fuzz.RunAsync(requests);
    }
}
