using System.Text.Json.Nodes;
using Idflow.Tasks.Embeddings;
using Idflow.Tasks.Text;
using Idflow.Workers;

namespace Idflow.Tasks.Keywords;

/// <summary>The checked input of a call, defaults filled in.</summary>
internal sealed record KeywordSettings(
    bool KeyBert, string Method, string Model, bool RequireModel, int LeastWords, int MostWords, int TopN, bool UseMaxSum, bool UseMmr,
    double Diversity, int NrCandidates, bool Highlight, IReadOnlyList<string>? Candidates, IReadOnlyList<IReadOnlyList<string>>? Seeds,
    double Threshold, int MinDf, double Dedup, bool NounsOnly, string? StopLanguage, IReadOnlySet<string>? StopList)
{
    /// <param name="input">The task's input.</param>
    /// <param name="stopWordsGiven">True when the key is there, even as null.</param>
    /// <param name="texts">How many texts there are.</param>
    /// <exception cref="TaskFailedException">A value is out of range.</exception>
    public static KeywordSettings From(KeywordInput input, bool stopWordsGiven, int texts)
    {
        var keyBert = Choice("compat", input.Compat ?? "idflow", "idflow", "keybert") == "keybert";
        var range = input.NgramRange ?? (keyBert ? [1, 1] : [1, 2]);
        Check(range.Count == 2 && range[0] >= 1 && range[0] <= range[1] && range[1] <= 5, "keyphrase_ngram_range", $"[{string.Join(", ", range)}]", "two numbers, the first not above the second, from 1 to 5, for example [1, 2]");
        var topN = InRange("top_n", input.TopN ?? (keyBert ? 5 : 10), 1, 200);
        var pool = input.NrCandidates ?? Math.Max(20, input.UseMaxSum == true ? 20 : topN);
        Check(input.UseMaxSum != true || pool >= topN, "nr_candidates", pool, $"at least top_n ({topN})");
        Check(input.UseMaxSum != true || input.UseMmr != true, "use_maxsum", "true", "false when use_mmr is true: they are two ways to choose");
        var (language, list) = StopWordsOf(input.StopWords, stopWordsGiven);
        return new(
            keyBert, Choice("method", input.Method ?? "auto", "auto", "statistical", "embedding"), input.Model ?? EmbedderSource.DefaultModel, input.RequireModel ?? false,
            range[0], range[1], topN, input.UseMaxSum ?? false, input.UseMmr ?? false,
            InRange("diversity", input.Diversity ?? (keyBert ? 0.5 : 0.7), 0, 1), pool, input.Highlight ?? false, input.Candidates, SeedsOf(input.SeedKeywords, texts),
            InRange("threshold", input.Threshold ?? 0, 0, 1), InRange("min_df", input.MinDf ?? 1, 1, int.MaxValue), InRange("dedup", input.Dedup ?? 0.9, 0, 1),
            Choice("phrases", input.Phrases ?? "any", "any", "nouns") == "nouns", language, list);
    }

    private static (string? Language, IReadOnlySet<string>? List) StopWordsOf(JsonNode? value, bool given)
    {
        switch (value)
        {
            case null:
                return given ? (null, StopWords.None) : ("en", null);
            case JsonArray list:
                return (null, list.Select(word => word?.ToString() ?? "").ToHashSet(StringComparer.Ordinal));
            default:
                var name = value.ToString();
                var code = name.Equals("auto", StringComparison.OrdinalIgnoreCase) ? "auto" : StopWords.CodeOf(name);
                Check(code is not null, "stop_words", name, $"auto, a list of words, null, or a language with a list: {string.Join(", ", StopWords.Languages)}");
                return (code, null);
        }
    }

    private static List<IReadOnlyList<string>>? SeedsOf(JsonNode? value, int texts)
    {
        if (value is null or JsonArray { Count: 0 })
        {
            return null;
        }

        var list = value as JsonArray ?? [value.ToString()];
        if (list[0] is not JsonArray)
        {
            return [[.. list.Select(seed => seed?.ToString() ?? "")]];
        }

        Check(list.Count == texts, "seed_keywords", $"{list.Count} lists", $"one list for all texts, or one list for each of the {texts}");
        return [.. list.Select(inner => (IReadOnlyList<string>)[.. ((inner as JsonArray) ?? []).Select(seed => seed?.ToString() ?? "")])];
    }

    private static string Choice(string key, string value, params string[] allowed)
    {
        Check(allowed.Contains(value, StringComparer.OrdinalIgnoreCase), key, value, "one of " + string.Join(", ", allowed));
        return value.ToLowerInvariant();
    }

    private static T InRange<T>(string key, T value, T least, T most)
        where T : IComparable<T>
    {
        Check(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0, key, value, $"from {least} to {most}");
        return value;
    }

    private static void Check(bool holds, string key, object? value, string expected)
    {
        if (!holds)
        {
            throw TaskFailedException.Terminal(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Input '{key}' is {value}; it must be {expected}."));
        }
    }
}
