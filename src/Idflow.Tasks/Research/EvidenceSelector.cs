using Idflow.Tasks.Embeddings;
using Idflow.Tasks.Retrieval;
using Idflow.Tasks.Text;

namespace Idflow.Tasks.Research;

/// <summary>A quotation: an exact substring of the text of its source.</summary>
/// <param name="Source">Position of the source.</param>
/// <param name="Quote">The substring.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Relevance">0 to 1, to the sub-query it was chosen for.</param>
internal sealed record Evidence(int Source, string Quote, int Start, double Relevance);

/// <summary>Chooses sentences of found passages by maximal marginal relevance to a query; no sentence, nor one much like it, twice.</summary>
internal sealed class EvidenceSelector(PassageIndex index, ITextEmbedder? embedder)
{
    /// <summary>Characters of a quotation; longer sentences are cut at a clause, shorter ones are no evidence.</summary>
    public const int LeastLength = 30, MostLength = 420;

    /// <summary>Sentences that get a vector, the best by their words.</summary>
    private const int MostVectors = 8;

    /// <summary>What a sentence gains that holds the focus of the sub-query, and one beside such a sentence or under such a heading.</summary>
    private const double FocusBonus = 0.4, NearFocusBonus = 0.15;

    /// <summary>From this share of common terms on two sentences say the same.</summary>
    private const double SameFact = 0.8;

    private const double Diversity = 0.3;

    private readonly HashSet<(int Source, int Start)> _used = [];
    private readonly List<HashSet<string>> _said = [];

    /// <param name="query">What the sentences are compared with.</param>
    /// <param name="focus">What a sentence, its neighbour or its heading must hold when any does; empty: nothing.</param>
    /// <param name="passages">Where the sentences stand, best first.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    public List<Evidence> Select(string query, string focus, IReadOnlyList<FoundPassage> passages, int count, CancellationToken cancellationToken)
    {
        var wanted = index.TermsOf(focus).ToHashSet(StringComparer.Ordinal);
        var terms = index.TermsOf(query).ToHashSet(StringComparer.Ordinal);
        var weight = Math.Max(terms.Sum(index.Idf), 1e-9);
        var sentences = passages.SelectMany((found, rank) => Sentences(found, terms, weight, rank, wanted)).DistinctBy(item => (item.Evidence.Source, item.Evidence.Start)).ToList();
        var focused = sentences.Any(item => item.Bonus > 0);
        var candidates = sentences.Where(item => (!focused || item.Bonus > 0) && !_used.Contains((item.Evidence.Source, item.Evidence.Start)))
            .Select(item => item.Evidence with { Relevance = Math.Min(1, item.Evidence.Relevance + item.Bonus) }).OrderByDescending(item => item.Relevance).Take(MostVectors).ToList();
        if (candidates.Count == 0)
        {
            return [];
        }

        var vectors = embedder?.Embed([query, .. candidates.Select(candidate => candidate.Quote)], cancellationToken);
        if (vectors is not null)
        {
            candidates = [.. candidates.Select((candidate, position) => candidate with { Relevance = (0.5 * candidate.Relevance) + (0.5 * Math.Clamp(Vectors.Dot(vectors[0], vectors[position + 1]), 0, 1)) })];
        }

        var bags = candidates.ConvertAll(candidate => index.TermsOf(candidate.Quote).ToHashSet(StringComparer.Ordinal));
        var chosen = Retrieval.Diversity.Mmr(
            candidates.ConvertAll(candidate => candidate.Relevance),
            (left, right) => Math.Max(vectors is null ? 0 : Vectors.Dot(vectors[left + 1], vectors[right + 1]), Jaccard(bags[left], bags[right])),
            candidates.Count, Diversity);

        List<int> kept = [];
        foreach (var item in chosen)
        {
            if (kept.Count < count && !_said.Any(other => Jaccard(bags[item], other) >= SameFact))
            {
                kept.Add(item);
                _said.Add(bags[item]);
                _used.Add((candidates[item].Source, candidates[item].Start));
            }
        }

        return [.. kept.Select(position => candidates[position])];
    }

    private IEnumerable<(Evidence Evidence, double Bonus)> Sentences(FoundPassage found, HashSet<string> terms, double weight, int rank, HashSet<string> wanted)
    {
        var (source, _, heading, sentences) = found.Passage;
        var text = index.Sources[source].Text;
        var bags = sentences.Select(sentence => index.TermsOf(sentence.In(text)).ToHashSet(StringComparer.Ordinal)).ToList();
        var above = PassageIndex.IsHalf(index.TermsOf($"{index.Sources[source].Header} {heading}").ToHashSet(StringComparer.Ordinal), wanted);
        for (var position = 0; position < sentences.Count; position++)
        {
            var sentence = sentences[position];
            if (sentence.Length < LeastLength || text[sentence.Start] is '|' or '`')
            {
                continue;
            }

            var span = Cut(text, sentence, terms);
            var own = index.TermsOf(span.In(text)).ToHashSet(StringComparer.Ordinal);
            var held = own.Where(terms.Contains).Sum(index.Idf) / weight;
            var near = above || (position > 0 && PassageIndex.IsHalf(bags[position - 1], wanted)) || (position + 1 < bags.Count && PassageIndex.IsHalf(bags[position + 1], wanted));
            var bonus = PassageIndex.IsHalf(own, wanted) ? FocusBonus : near ? NearFocusBonus : 0;
            yield return (new(source, span.In(text), span.Start, Math.Min(1, (0.7 * held) + (0.3 / (1 + (0.25 * rank))))), bonus);
        }
    }

    /// <summary>Of a long sentence, the run of clauses that holds most of the query's weight.</summary>
    private TextSpan Cut(string text, TextSpan sentence, HashSet<string> terms)
    {
        if (sentence.Length <= MostLength)
        {
            return sentence;
        }

        List<int> bounds = [sentence.Start];
        for (var position = sentence.Start; position < sentence.End - 2; position++)
        {
            if (text[position] is ';' or ':' or ',' or '\u2014' && char.IsWhiteSpace(text[position + 1]))
            {
                bounds.Add(position + 2);
            }
        }

        bounds.Add(sentence.End);
        var best = new TextSpan(sentence.Start, 0);
        var bestScore = double.NegativeInfinity;
        for (var first = 0; first < bounds.Count - 1; first++)
        {
            var last = first + 1;
            while (last + 1 < bounds.Count && bounds[last + 1] - bounds[first] <= MostLength)
            {
                last++;
            }

            var span = Trim(text, bounds[first], Math.Min(bounds[last], bounds[first] + MostLength));
            var score = index.TermsOf(span.In(text)).Distinct(StringComparer.Ordinal).Where(terms.Contains).Sum(index.Idf);
            if (score > bestScore)
            {
                (best, bestScore) = (span, score);
            }
        }

        return best;
    }

    private static TextSpan Trim(string text, int start, int end)
    {
        if (end < text.Length && char.IsLetterOrDigit(text[end - 1]) && char.IsLetterOrDigit(text[end]))
        {
            var blank = text.LastIndexOf(' ', end - 1, end - start);
            end = blank > start ? blank : end;
        }

        while (end > start && (char.IsWhiteSpace(text[end - 1]) || text[end - 1] is ',' or ';' or ':' or '\u2014'))
        {
            end--;
        }

        return new(start, end - start);
    }

    private static double Jaccard(HashSet<string> left, HashSet<string> right)
    {
        var common = left.Count(right.Contains);
        return common == 0 ? 0 : (double)common / (left.Count + right.Count - common);
    }
}
