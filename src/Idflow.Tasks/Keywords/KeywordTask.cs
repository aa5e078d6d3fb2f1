using System.Text.Json.Nodes;
using Idflow.Documents;
using Idflow.Tasks.Embeddings;
using Idflow.Tasks.Text;
using Idflow.Workers;

namespace Idflow.Tasks.Keywords;

/// <summary>The built-in task <c>keyword_extract</c>.</summary>
internal sealed class KeywordTask(Func<string, ITextEmbedder?> findEmbedder, IDocumentStore? documents)
{
    /// <summary>Finds the keywords of a text, statistically or with a sentence model; offline and deterministic.</summary>
    [WorkerTask("keyword_extract", Concurrency = 2)]
    public async Task<KeywordOutput> ExtractAsync([TaskInput(Whole = true)] KeywordInput input, TaskContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        var (texts, isList) = await ReadTextsAsync(input, context.CancellationToken);
        var settings = KeywordSettings.From(input, context.Input.ContainsKey("stop_words"), texts.Count);
        List<string> warnings = [];
        var embedder = FindEmbedder(settings, warnings);
        if (settings.KeyBert)
        {
            return KeyBert(texts, settings, embedder!, warnings, context.CancellationToken);
        }

        var results = await Task.Run(() => ExtractAll(texts, settings, embedder, warnings, context.CancellationToken), context.CancellationToken);
        context.Log($"keyword_extract: {results.Sum(result => result.Keywords.Count)} keywords from {texts.Count} text(s), {(embedder is null ? "statistical" : embedder.Name)}");
        var single = !isList || texts.Count == 1;
        return new()
        {
            Result = Shape(results, single, result => Pairs(result.Keywords.Select(keyword => (keyword.Text, keyword.Score)))),
            Keywords = Shape(results, single, result => new JsonArray([.. result.Keywords.Select(Describe)])),
            Method = embedder is null ? "statistical" : "embedding",
            Model = embedder?.Name,
            Language = results[0].Language,
            HighlightedText = !settings.Highlight ? null : single ? results[0].Highlighted : new JsonArray([.. results.Select(result => JsonValue.Create(result.Highlighted))]),
            Warnings = warnings,
        };
    }

    private async Task<(IReadOnlyList<string> Texts, bool IsList)> ReadTextsAsync(KeywordInput input, CancellationToken cancellationToken)
    {
        switch (input.Text)
        {
            case JsonArray list:
                return list.Count > 0 ? ([.. list.Select(text => text?.ToString() ?? "")], true) : throw TaskFailedException.Terminal("Input 'text' is an empty list; give at least one text.");
            case not null:
                return ([input.Text.ToString()], false);
        }

        if (input.DocId is null)
        {
            throw TaskFailedException.Terminal("Input 'text' is missing; give a text, a list of texts, or the 'docId' of a document.");
        }

        if (documents is null)
        {
            throw TaskFailedException.Terminal($"Input 'docId' is {input.DocId}, but there is no document store here; give 'text'.");
        }

        try
        {
            return ([(await documents.GetAsync(await documents.ResolveIdAsync(input.DocId, cancellationToken), cancellationToken)).Body], false);
        }
        catch (DocumentException error)
        {
            throw TaskFailedException.Terminal($"Input 'docId': {error.Message}", error);
        }
    }

    private ITextEmbedder? FindEmbedder(KeywordSettings settings, List<string> warnings)
    {
        if (settings.Method == "statistical" && !settings.KeyBert)
        {
            return null;
        }

        ITextEmbedder? embedder;
        try
        {
            embedder = findEmbedder(settings.Model);
            _ = embedder?.CountTokens("");
        }
        catch (ModelException error)
        {
            throw TaskFailedException.Terminal(error.Message, error);
        }

        if (embedder is null && (settings.RequireModel || settings.KeyBert || settings.Method == "embedding"))
        {
            throw TaskFailedException.Terminal($"Input 'model': there is no model folder named '{settings.Model}'; the one shipped is {EmbedderSource.DefaultModel}.");
        }

        if (embedder is null)
        {
            warnings.Add($"No model folder named '{settings.Model}': the keywords are statistical.");
        }

        return embedder;
    }

    private static List<TextResult> ExtractAll(IReadOnlyList<string> texts, KeywordSettings settings, ITextEmbedder? embedder, List<string> warnings, CancellationToken cancellationToken)
    {
        var prepared = texts.Select(text =>
        {
            var language = settings.StopLanguage == "auto" ? StopWords.Detect(text) : settings.StopLanguage;
            return (Text: text, Language: language, Extracted: PhraseExtractor.Extract(text, settings.LeastWords, settings.MostWords, settings.StopList ?? StopWords.For(language!)));
        }).ToList();
        var frequency = prepared.SelectMany(entry => entry.Extracted.Phrases.Select(phrase => phrase.Key)).CountBy(key => key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var listed = settings.Candidates?.Select(candidate => candidate.Trim().ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        List<TextResult> results = [];
        for (var index = 0; index < prepared.Count; index++)
        {
            var (text, language, extracted) = prepared[index];
            var known = language ?? StopWords.Detect(text);
            var ranker = new KeywordRanker(settings, embedder, known, cancellationToken);
            var nouns = settings.NounsOnly ? new NounPhrases(MarkdownMask.Apply(text), known) : null;
            var seeds = settings.Seeds is { } given ? given[given.Count == 1 ? 0 : index] : null;
            var keywords = ranker.Rank(text, extracted, phrase => frequency[phrase.Key] >= settings.MinDf && listed?.Contains(phrase.Key) != false && nouns?.Holds(phrase.Key) != false, seeds);
            if (keywords.Count == 0)
            {
                warnings.Add(extracted.Words.Count == 0 ? $"Text {index + 1} is empty." : $"Text {index + 1} has no candidates{(settings.Threshold > 0 ? " at that threshold" : "")}.");
            }

            if (!ranker.IsExact)
            {
                warnings.Add($"Text {index + 1}: MaxSum stopped after {MaxSumSelection.MostNodes} steps with the best choice so far; lower nr_candidates.");
            }

            var chosen = keywords.SelectMany(keyword => keyword.Variants.Append(keyword.Text)).ToHashSet(StringComparer.Ordinal);
            results.Add(new(keywords, language, settings.Highlight ? Highlighter.Apply(text, extracted.Phrases.Where(phrase => chosen.Contains(phrase.Key)).SelectMany(phrase => phrase.Places)) : null));
        }

        return results;
    }

    private static KeywordOutput KeyBert(IReadOnlyList<string> texts, KeywordSettings settings, ITextEmbedder embedder, List<string> warnings, CancellationToken cancellationToken)
    {
        var stopWords = settings.StopList ?? StopWords.For(settings.StopLanguage == "auto" ? StopWords.Detect(texts[0]) : settings.StopLanguage!);
        var arguments = new KeyBertArguments(settings.LeastWords, settings.MostWords, stopWords, settings.TopN, settings.MinDf, settings.UseMaxSum, settings.UseMmr,
            settings.Diversity, settings.NrCandidates, settings.Candidates, settings.Seeds);
        var lists = KeyBertCompat.Extract(texts, arguments, embedder, out var exact, cancellationToken);
        if (!exact)
        {
            warnings.Add($"MaxSum stopped after {MaxSumSelection.MostNodes} steps with the best choice so far; lower nr_candidates.");
        }

        if (lists is null)
        {
            warnings.Add("There are no candidates.");
        }

        var single = lists is null || lists.Count == 1;
        lists ??= [[]];
        return new()
        {
            Result = Shape(lists, single, Pairs),
            Keywords = Shape(lists, single, list => new JsonArray([.. list.Select(entry => (JsonNode)new JsonObject { ["keyword"] = entry.Keyword, ["score"] = entry.Score })])),
            Method = "embedding",
            Model = embedder.Name,
            Language = settings.StopLanguage,
            Warnings = warnings,
        };
    }

    private static JsonArray Shape<T>(IReadOnlyList<T> results, bool single, Func<T, JsonArray> write) =>
        single ? write(results[0]) : new JsonArray([.. results.Select(write)]);

    private static JsonArray Pairs(IEnumerable<(string Keyword, double Score)> keywords) =>
        [.. keywords.Select(keyword => (JsonNode)new JsonArray(keyword.Keyword, keyword.Score))];

    private static JsonNode Describe(Keyword keyword) => new JsonObject
    {
        ["keyword"] = keyword.Text,
        ["score"] = keyword.Score,
        ["count"] = keyword.Count,
        ["offsets"] = new JsonArray([.. keyword.Offsets.Select(offset => JsonValue.Create(offset))]),
        ["variants"] = new JsonArray([.. keyword.Variants.Select(variant => JsonValue.Create(variant))]),
    };

    private sealed record TextResult(IReadOnlyList<Keyword> Keywords, string? Language, string? Highlighted);
}
