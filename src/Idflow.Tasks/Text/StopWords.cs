using System.Collections.Concurrent;

namespace Idflow.Tasks.Text;

/// <summary>Lists of function words by language (en, de, fr, es, it, nl, pt; by code or English name).</summary>
internal static class StopWords
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["english"] = "en",
        ["german"] = "de",
        ["french"] = "fr",
        ["spanish"] = "es",
        ["italian"] = "it",
        ["dutch"] = "nl",
        ["portuguese"] = "pt",
    };

    private static readonly ConcurrentDictionary<string, IReadOnlySet<string>> Lists = new();

    public static IReadOnlyList<string> Languages { get; } = ["en", "de", "fr", "es", "it", "nl", "pt"];

    public static IReadOnlySet<string> None { get; } = new HashSet<string>();

    /// <summary>The code of a known language, or null.</summary>
    public static string? CodeOf(string language) =>
        Names.TryGetValue(language, out var code) ? code : Languages.FirstOrDefault(known => known.Equals(language, StringComparison.OrdinalIgnoreCase));

    /// <summary>The list of a language code; empty for an unknown one.</summary>
    public static IReadOnlySet<string> For(string code) => Languages.Contains(code)
        ? Lists.GetOrAdd(code, static key => TextResources.ReadLines($"stop-words-{key}.txt").SelectMany(line => line.Split(' ')).ToHashSet())
        : None;

    /// <summary>The language whose function words are most frequent in the first 5,000 words; English when none stands out.</summary>
    public static string Detect(string text)
    {
        var words = WordTokenizer.Tokenize(text, 0, Math.Min(text.Length, 30_000)).Take(5_000)
            .Select(token => text.Substring(token.Start, token.Length).ToLowerInvariant()).ToList();
        var best = Languages.Select(code => (Code: code, Hits: words.Count(For(code).Contains))).MaxBy(entry => entry.Hits);
        return best.Hits * 10 >= words.Count ? best.Code : "en";
    }
}
