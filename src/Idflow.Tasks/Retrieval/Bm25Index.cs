namespace Idflow.Tasks.Retrieval;

/// <summary>
/// Okapi BM25 over small texts (Robertson and Zaragoza 2009): sum over the query's terms of
/// idf · tf · (k1 + 1) / (tf + k1 · (1 - b + b · length / mean length)), idf = ln(1 + (N - n + 0.5) / (n + 0.5)), k1 = 1.2, b = 0.75.
/// </summary>
internal sealed class Bm25Index
{
    private const double K1 = 1.2, B = 0.75;

    private readonly Dictionary<string, List<(int Text, int Count)>> _postings = new(StringComparer.Ordinal);
    private readonly List<int> _lengths = [];
    private long _totalLength;

    /// <summary>Texts in the index; they are numbered from 0 in the order they were added.</summary>
    public int Count => _lengths.Count;

    public void Add(IEnumerable<string> terms)
    {
        var text = _lengths.Count;
        var length = 0;
        foreach (var term in terms)
        {
            length++;
            if (!_postings.TryGetValue(term, out var list))
            {
                _postings[term] = list = [];
            }

            if (list.Count > 0 && list[^1].Text == text)
            {
                list[^1] = (text, list[^1].Count + 1);
            }
            else
            {
                list.Add((text, 1));
            }
        }

        _lengths.Add(length);
        _totalLength += length;
    }

    /// <summary>How many texts hold the term.</summary>
    public int DocumentFrequency(string term) => _postings.TryGetValue(term, out var list) ? list.Count : 0;

    public double Idf(string term)
    {
        var count = DocumentFrequency(term);
        return Math.Log(1 + ((Count - count + 0.5) / (count + 0.5)));
    }

    /// <summary>The best texts for weighted terms, best first; equal scores in the order of the texts.</summary>
    public List<(int Text, double Score)> Search(IReadOnlyDictionary<string, double> query, int limit)
    {
        var scores = new double[Count];
        var mean = Count == 0 ? 1 : Math.Max(1, (double)_totalLength / Count);
        foreach (var (term, weight) in query.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (!_postings.TryGetValue(term, out var list))
            {
                continue;
            }

            var idf = Idf(term) * weight;
            foreach (var (text, count) in list)
            {
                scores[text] += idf * count * (K1 + 1) / (count + (K1 * (1 - B + (B * _lengths[text] / mean))));
            }
        }

        return [.. Enumerable.Range(0, Count).Where(text => scores[text] > 0).Select(text => (text, scores[text]))
            .OrderByDescending(entry => entry.Item2).ThenBy(entry => entry.text).Take(limit)];
    }

    public List<(int Text, double Score)> Search(IEnumerable<string> terms, int limit) =>
        Search(terms.Distinct(StringComparer.Ordinal).ToDictionary(term => term, _ => 1.0, StringComparer.Ordinal), limit);
}
