using System.Text.Json.Nodes;
using CsCheck;
using Idflow.Tasks.Keywords;
using Idflow.Workers;

namespace Idflow.Tasks.Tests.Keywords;

public sealed class KeywordTaskTests
{
    private const string Canal = "The Panama Canal joins two oceans. Ships of every nation pass the Panama Canal. The canal is owned by Panama. "
        + "Tolls on ships pay for the locks. Engineers keep the locks in order; the locks lift ships above the sea.";

    [Theory]
    [InlineData("statistical")]
    [InlineData("embedding")]
    public async Task Each_keyword_occurs_at_its_offsets_and_scores_fall_from_at_most_one(string method)
    {
        var output = await RunAsync(new() { ["text"] = Canal, ["method"] = method });
        Assert.Equal(method, (string)output["method"]!);
        var keywords = output["keywords"]!.AsArray();
        Assert.NotEmpty(keywords);
        Assert.Contains(keywords, keyword => ((string)keyword!["keyword"]!).Contains("canal", StringComparison.Ordinal));
        var previous = 1.0;
        foreach (var keyword in keywords)
        {
            var score = (double)keyword!["score"]!;
            Assert.InRange(score, 0, previous);
            previous = score;
            var forms = keyword["variants"]!.AsArray().Select(form => (string)form!).Append((string)keyword["keyword"]!).ToList();
            Assert.All(keyword["offsets"]!.AsArray(), offset => Assert.Contains(forms, form => Canal.AsSpan((int)offset!).StartsWith(form, StringComparison.OrdinalIgnoreCase)));
            Assert.Equal((int)keyword["count"]!, keyword["offsets"]!.AsArray().Count);
        }

        Assert.Equal(output["result"]!.AsArray().Select(pair => (string)pair![0]!), keywords.Select(keyword => (string)keyword!["keyword"]!));
    }

    [Theory]
    [InlineData("statistical")]
    [InlineData("embedding")]
    public async Task Nouns_alone_can_be_asked_for(string method)
    {
        const string Text = "Four presidents reported about the corsairs of Algiers. What did they pay, and what did they build? They build ships and pay tribute to the Dey.";
        var any = await NamesAsync("any");
        var nouns = await NamesAsync("nouns");
        Assert.Contains("pay", any);
        Assert.DoesNotContain(nouns, name => name.Split(' ') is [.., "reported" or "pay" or "build"] or ["pay" or "build", ..]);
        Assert.Superset(new HashSet<string> { "corsairs", "algiers", "ships", "tribute" }, nouns.ToHashSet());
        Assert.False((await Assert.ThrowsAsync<TaskFailedException>(() => NamesAsync("verbs"))).Retryable);

        async Task<List<string>> NamesAsync(string phrases) =>
            [.. (await RunAsync(new() { ["text"] = Text, ["method"] = method, ["phrases"] = phrases, ["top_n"] = 50 }))["result"]!.AsArray().Select(pair => (string)pair![0]!)];
    }

    [Fact]
    public async Task Candidates_stay_inside_a_sentence_and_have_no_stop_word_at_an_edge()
    {
        var output = await RunAsync(new() { ["text"] = Canal, ["method"] = "statistical", ["keyphrase_ngram_range"] = new JsonArray(1, 3), ["top_n"] = 200, ["dedup"] = 1 });
        var found = output["result"]!.AsArray().Select(pair => (string)pair![0]!).ToList();
        Assert.Contains("owned by panama", found);
        Assert.DoesNotContain(found, keyword => keyword.StartsWith("the ", StringComparison.Ordinal) || keyword.EndsWith(" the", StringComparison.Ordinal) || keyword.Contains("oceans ships", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plurals_and_phrases_inside_phrases_are_merged()
    {
        var output = await RunAsync(new() { ["text"] = "Solar panel prices fell. A solar panel lasts long. Solar panels are cheap. Every solar panel needs sun.", ["method"] = "statistical" });
        var found = output["result"]!.AsArray().Select(pair => (string)pair![0]!).ToList();
        Assert.Single(found, keyword => keyword.StartsWith("solar panel", StringComparison.Ordinal));
        Assert.DoesNotContain("solar", found);
    }

    [Fact]
    public async Task A_keyword_at_the_end_of_a_long_text_is_found()
    {
        var text = string.Join(' ', Enumerable.Range(0, 2000).Select(index => $"Sentence {index} speaks of weather.")) + " Zeppelin mooring masts! Zeppelin mooring masts were built for the Zeppelin fleet.";
        var output = await RunAsync(new() { ["text"] = text, ["method"] = "statistical", ["top_n"] = 20 });
        Assert.Contains(output["result"]!.AsArray(), pair => ((string)pair![0]!).Contains("zeppelin", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Code_link_targets_and_front_matter_give_no_keywords()
    {
        var text = "---\nsecretkey: value\n---\n# Harbour report\n\nThe harbour of [Genoa](https://example.org/targetword) grew.\n\n```\nint codeword = 1;\n```\nThe harbour pays.";
        var output = await RunAsync(new() { ["text"] = text, ["method"] = "statistical", ["top_n"] = 50 });
        var found = string.Join(' ', output["result"]!.AsArray().Select(pair => (string)pair![0]!));
        Assert.Contains("harbour", found, StringComparison.Ordinal);
        Assert.Contains("genoa", found, StringComparison.Ordinal);
        Assert.DoesNotMatch("secretkey|targetword|codeword", found);
    }

    [Fact]
    public async Task Seeds_pull_related_keywords_up()
    {
        foreach (var method in new[] { "statistical", "embedding" })
        {
            var plain = await RunAsync(new() { ["text"] = Canal, ["method"] = method, ["top_n"] = 100 });
            var guided = await RunAsync(new() { ["text"] = Canal, ["method"] = method, ["top_n"] = 100, ["seed_keywords"] = new JsonArray("engineers") });
            Assert.True(Rank(guided) < Rank(plain) || Rank(guided) == 0);
        }

        static int Rank(JsonObject output) => output["result"]!.AsArray().TakeWhile(pair => !((string)pair![0]!).Contains("engineers", StringComparison.Ordinal)).Count();
    }

    [Fact]
    public void Removing_the_marks_of_a_highlight_gives_the_text_back() => Gen.Select(Gen.String[Gen.Char["ab *.\nä"], 0, 40], Gen.Select(Gen.Int[0, 40], Gen.Int[0, 10]).Array[0, 5]).Sample((text, raw) =>
    {
        var spans = raw.Select(span => (Start: Math.Min(span.Item1, text.Length), span.Item2)).Select(span => new Idflow.Tasks.Text.TextSpan(span.Start, Math.Min(span.Item2, text.Length - span.Start))).ToList();
        var marked = Highlighter.Apply(text.Replace("*", "x", StringComparison.Ordinal), spans);
        Assert.Equal(text.Replace("*", "x", StringComparison.Ordinal), marked.Replace("**", "", StringComparison.Ordinal));
    });

    [Fact]
    public async Task Highlight_marks_each_place_and_does_not_replace_the_result()
    {
        var output = await RunAsync(new() { ["text"] = Canal, ["method"] = "statistical", ["top_n"] = 1, ["highlight"] = true });
        Assert.Single(output["result"]!.AsArray());
        var marked = (string)output["highlighted_text"]!;
        Assert.Contains("**", marked, StringComparison.Ordinal);
        Assert.Equal(Canal, marked.Replace("**", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Der Hafen von Hamburg ist der größte Hafen und die Elbe führt zu dem Hafen.", "de")]
    [InlineData("Le port de Marseille est le plus grand port et la mer est devant le port.", "fr")]
    [InlineData("The harbour of Bristol is the oldest and the ships are in the harbour.", "en")]
    public async Task The_language_is_found_for_stop_words(string text, string language)
    {
        var output = await RunAsync(new() { ["text"] = text, ["stop_words"] = "auto", ["method"] = "statistical" });
        Assert.Equal(language, (string)output["language"]!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("the and of")]
    public async Task Nothing_to_find_is_an_empty_list_with_a_warning(string text)
    {
        var output = await RunAsync(new() { ["text"] = text });
        Assert.Empty(output["result"]!.AsArray());
        Assert.Single(output["warnings"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"top_n": 0}""", "top_n")]
    [InlineData("""{"keyphrase_ngram_range": [2, 1]}""", "keyphrase_ngram_range")]
    [InlineData("""{"diversity": 1.5}""", "diversity")]
    [InlineData("""{"use_mmr": true, "use_maxsum": true}""", "use_maxsum")]
    [InlineData("""{"use_maxsum": true, "top_n": 30}""", "nr_candidates")]
    [InlineData("""{"stop_words": "klingon"}""", "stop_words")]
    [InlineData("""{"model": "no-such-model", "require_model": true}""", "no-such-model")]
    [InlineData("""{"compat": "other"}""", "compat")]
    public async Task Wrong_values_are_terminal_and_named(string keys, string named)
    {
        var input = (JsonObject)JsonNode.Parse(keys)!;
        input["text"] = Canal;
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(input));
        Assert.False(error.Retryable);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_model_the_keywords_are_statistical_with_a_warning()
    {
        var output = await RunAsync(new() { ["text"] = Canal, ["model"] = "no-such-model" });
        Assert.Equal("statistical", (string)output["method"]!);
        Assert.Contains("no-such-model", (string)output["warnings"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public void MaxSum_equals_brute_force() =>
        Gen.Select(Gen.Int[2, 9], Gen.Int[1, 5]).SelectMany((count, size) => Gen.Select(Gen.Const(count), Gen.Const(Math.Min(size, count)), Gen.Float[-1, 1].Array[count * count])).Sample((count, size, values) =>
        {
            var matrix = new double[count, count];
            for (var i = 0; i < count; i++)
            {
                for (var j = i + 1; j < count; j++)
                {
                    matrix[i, j] = matrix[j, i] = Math.Round(values[(i * count) + j], 1);
                }
            }

            var best = Subsets(0, size).MinBy(subset => Math.Round(subset.Sum(i => subset.Where(j => j > i).Sum(j => matrix[i, j])), 6))!;
            Assert.Equal(Sum(best), Sum(MaxSumSelection.Select(matrix, size).Chosen), 9);

            double Sum(int[] subset) => subset.Sum(i => subset.Where(j => j > i).Sum(j => matrix[i, j]));

            IEnumerable<int[]> Subsets(int first, int left) => left == 0 ? [[]] : Enumerable.Range(first, Math.Max(0, count - first)).SelectMany(item => Subsets(item + 1, left - 1).Select(rest => (int[])[item, .. rest]));
        });

    private static async Task<JsonObject> RunAsync(JsonObject input)
    {
        var context = new TestTask(input);
        return TestTask.Output(await new KeywordTask(TestModels.Find, null).ExtractAsync(context.InputAs<KeywordInput>(), context));
    }
}
