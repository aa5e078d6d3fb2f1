using Idflow.Tasks.Embeddings;
using Idflow.Tasks.Retrieval;
using Idflow.Tasks.Text;

namespace Idflow.Tasks.Keywords;

/// <summary>Ranks the candidates of one text, merges those that say the same and chooses the keywords.</summary>
internal sealed class KeywordRanker(KeywordSettings settings, ITextEmbedder? embedder, string language, CancellationToken cancellationToken)
{
    /// <summary>Candidates that get a vector, the best by the statistical score.</summary>
    public const int MostVectors = 500;

    /// <summary>Parts of a text that get a vector; of a longer text, parts spread evenly.</summary>
    public const int MostChunks = 32;

    /// <summary>Merged candidates that MMR chooses from.</summary>
    private const int MmrPool = 200;

    private readonly bool _english = language == "en";

    /// <summary>False when MaxSum stopped at its limit of nodes.</summary>
    public bool IsExact { get; private set; } = true;

    /// <param name="text">The text.</param>
    /// <param name="extracted">Its words and candidates.</param>
    /// <param name="allowed">Which candidates may be ranked.</param>
    /// <param name="seeds">Words that pull the ranking, or null.</param>
    public List<Keyword> Rank(string text, PhraseExtractor extracted, Func<Phrase, bool> allowed, IReadOnlyList<string>? seeds)
    {
        var statistical = StatisticalRanker.Score(text, extracted);
        var ranked = extracted.Phrases.Select((phrase, index) => (Phrase: phrase, Score: statistical[index])).Where(entry => allowed(entry.Phrase))
            .OrderByDescending(entry => entry.Score).ToList();
        var vectors = new Dictionary<Phrase, float[]>();
        if (embedder is not null && ranked.Count > 0)
        {
            ranked = ByVectors(text, [.. ranked.Take(MostVectors).Select(entry => entry.Phrase)], seeds, vectors);
        }
        else if (seeds is not null)
        {
            ranked = [.. ranked.Select(entry => (entry.Phrase, ((3 * entry.Score) + Overlap(entry.Phrase, seeds)) / 4)).OrderByDescending(entry => entry.Item2)];
        }

        return Choose(ranked, vectors);
    }

    private List<(Phrase Phrase, double Score)> ByVectors(string text, List<Phrase> phrases, IReadOnlyList<string>? seeds, Dictionary<Phrase, float[]> vectors)
    {
        var document = DocumentVector(text);
        if (seeds is { Count: > 0 })
        {
            document = Vectors.Mean([document, Vectors.Mean(embedder!.Embed(seeds, cancellationToken))], [3, 1]);
        }

        var made = embedder!.Embed([.. phrases.Select(phrase => phrase.Key)], cancellationToken);
        for (var index = 0; index < phrases.Count; index++)
        {
            vectors[phrases[index]] = made[index];
        }

        return [.. phrases.Select((phrase, index) => (phrase, Math.Clamp((double)Vectors.Cosine(made[index], document), 0, 1))).OrderByDescending(entry => entry.Item2)];
    }

    /// <summary>The mean of the vectors of chunks of whole sentences that fit the model, weighted by their tokens.</summary>
    private float[] DocumentVector(string text)
    {
        var prose = MarkdownMask.Apply(text);
        List<(string Text, int Tokens)> chunks = [];
        foreach (var sentence in SentenceSplitter.Split(prose).Select(span => span.In(prose)))
        {
            var tokens = embedder!.CountTokens(sentence);
            if (chunks.Count > 0 && chunks[^1].Tokens + tokens <= embedder.MaxTokens - 2)
            {
                chunks[^1] = (chunks[^1].Text + " " + sentence, chunks[^1].Tokens + tokens);
            }
            else
            {
                chunks.Add((sentence, tokens));
            }
        }

        if (chunks.Count > MostChunks)
        {
            chunks = [.. Enumerable.Range(0, MostChunks).Select(index => chunks[index * (chunks.Count - 1) / (MostChunks - 1)])];
        }

        return Vectors.Mean(embedder!.Embed([.. chunks.Select(chunk => chunk.Text)], cancellationToken), [.. chunks.Select(chunk => (double)Math.Max(1, chunk.Tokens))]);
    }

    private List<Keyword> Choose(List<(Phrase Phrase, double Score)> ranked, Dictionary<Phrase, float[]> vectors)
    {
        var wanted = settings.UseMaxSum ? settings.NrCandidates : settings.UseMmr ? MmrPool : settings.TopN;
        var merger = new KeywordMerger(settings.Dedup, _english);
        foreach (var (phrase, score) in ranked.Where(entry => entry.Score >= settings.Threshold))
        {
            merger.Add(phrase, score);
            if (merger.Kept.Count > wanted)
            {
                break;
            }
        }

        var pool = merger.Kept.Take(wanted).ToList();
        var scores = pool.ConvertAll(entry => entry.Score);
        double Similarity(int left, int right) => embedder is null
            ? Dice(pool[left].Stems, pool[right].Stems)
            : Vectors.Cosine(vectors[pool[left].Phrase], vectors[pool[right].Phrase]);
        IEnumerable<int> chosen = Enumerable.Range(0, pool.Count);
        if (settings.UseMmr)
        {
            chosen = Diversity.Mmr(scores, Similarity, settings.TopN, settings.Diversity);
        }
        else if (settings.UseMaxSum)
        {
            chosen = MaxSum(pool.Count, Similarity);
        }

        return [.. chosen.Take(settings.TopN).OrderByDescending(index => scores[index]).ThenBy(index => index).Select(index => Make(pool[index].Phrase, scores[index], pool[index].Variants))];
    }

    private IEnumerable<int> MaxSum(int count, Func<int, int, double> similarity)
    {
        // Positions ascend with the score, as in KeyBERT, so that of equal subsets the same one wins.
        var matrix = new double[count, count];
        for (var left = 0; left < count; left++)
        {
            for (var right = left + 1; right < count; right++)
            {
                matrix[left, right] = matrix[right, left] = similarity(count - 1 - left, count - 1 - right);
            }
        }

        var (chosen, exact) = MaxSumSelection.Select(matrix, Math.Min(settings.TopN, count));
        IsExact &= exact;
        return chosen.Select(position => count - 1 - position);
    }

    private static Keyword Make(Phrase phrase, double score, List<Phrase> variants)
    {
        var forms = variants.Where(variant => variant.Words.Length == phrase.Words.Length).Prepend(phrase).ToList();
        var shown = forms.MaxBy(form => form.Count)!;
        var offsets = forms.SelectMany(form => form.Places).Select(place => place.Start).Distinct().Order().ToList();
        return new(shown.Key, Math.Round(score, 4), offsets.Count, offsets, [.. variants.Prepend(phrase).Where(form => form != shown).Select(form => form.Key)]);
    }

    private double Overlap(Phrase phrase, IReadOnlyList<string> seeds)
    {
        var wanted = seeds.SelectMany(seed => new SearchTerms(language).Of(seed)).ToHashSet(StringComparer.Ordinal);
        var own = new SearchTerms(language).Of(phrase.Key);
        return own.Count == 0 ? 0 : (double)own.Count(wanted.Contains) / own.Count;
    }

    private static double Dice(string[] left, string[] right) => 2.0 * left.Intersect(right, StringComparer.Ordinal).Count() / (left.Length + right.Length);
}
