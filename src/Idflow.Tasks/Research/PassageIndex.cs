using Idflow.Tasks.Retrieval;
using Idflow.Tasks.Text;

namespace Idflow.Tasks.Research;

/// <summary>The passages of all sources in a BM25 index; the header of a source and the headings above a passage count as its words.</summary>
internal sealed class PassageIndex
{
    private readonly IReadOnlyList<SourceText> _sources;
    private readonly SearchTerms _terms;
    private readonly Bm25Index _index = new();
    private readonly List<Passage> _passages = [];
    private readonly List<HashSet<string>> _held = [];

    public PassageIndex(IReadOnlyList<SourceText> sources, string language)
    {
        _sources = sources;
        _terms = new(language);
        for (var source = 0; source < sources.Count; source++)
        {
            var header = _terms.Of(sources[source].Header);
            foreach (var passage in PassageSplitter.Split(sources[source].Text, source))
            {
                List<string> terms = [.. header, .. _terms.Of(passage.Heading), .. TermsOf(passage)];
                _index.Add(terms);
                _passages.Add(passage);
                _held.Add([.. terms]);
            }
        }
    }

    public IReadOnlyList<SourceText> Sources => _sources;

    public IReadOnlyList<Passage> Passages => _passages;

    public List<string> TermsOf(string text) => _terms.Of(text);

    public List<string> TermsOf(Passage passage) => _terms.Of(_sources[passage.Source].Text, passage.Span.Start, passage.Span.End);

    public double Idf(string term) => _index.Idf(term);

    public bool Holds(int passage, string term) => _held[passage].Contains(term);

    /// <summary>True when the passage (its header and headings count) holds at least half of the terms; false when there are none.</summary>
    public bool Focuses(int passage, IReadOnlySet<string> terms) => IsHalf(_held[passage], terms);

    /// <summary>The share of the terms' weight (idf) that a passage holds, its header and headings included; 1 when there are none.</summary>
    public double ShareOf(IReadOnlyCollection<string> terms, int passage)
    {
        var weight = terms.Sum(Idf);
        return weight > 0 ? terms.Where(term => Holds(passage, term)).Sum(Idf) / weight : 1;
    }

    public static bool IsHalf(IReadOnlySet<string> held, IReadOnlySet<string> terms) => terms.Count > 0 && 2 * terms.Count(held.Contains) >= terms.Count;

    /// <summary>True for words of which no passage holds any.</summary>
    public bool HoldsNowhere(string words) => _terms.Of(words) is { Count: > 0 } terms && terms.All(term => _index.DocumentFrequency(term) == 0);

    public List<(int Text, double Score)> Search(IEnumerable<string> terms, int limit) => _index.Search(terms, limit);

    /// <summary>What the vector of a passage is made of: header, headings, text.</summary>
    public string TextFor(int passage)
    {
        var (source, span, heading, _) = _passages[passage];
        return string.Join('\n', new[] { _sources[source].Header, heading, span.In(_sources[source].Text) }.Where(part => part.Length > 0));
    }

    /// <summary>Words of the query, as they stand there, of which no passage holds any.</summary>
    public List<string> Unknown(string query) => [.. WordTokenizer.Tokenize(query).Select(token => query.Substring(token.Start, token.Length)).Where(HoldsNowhere).Distinct(StringComparer.OrdinalIgnoreCase)];
}
