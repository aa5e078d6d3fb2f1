using Idflow.Tasks.Retrieval;

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

    public List<(int Text, double Score)> Search(IEnumerable<string> terms, int limit) => _index.Search(terms, limit);

    /// <summary>What the vector of a passage is made of: header, headings, text.</summary>
    public string TextFor(int passage)
    {
        var (source, span, heading, _) = _passages[passage];
        return string.Join('\n', new[] { _sources[source].Header, heading, span.In(_sources[source].Text) }.Where(part => part.Length > 0));
    }

    /// <summary>Terms of the query that no passage holds.</summary>
    public List<string> Unknown(string query) => [.. _terms.Of(query).Distinct(StringComparer.Ordinal).Where(term => _index.DocumentFrequency(term) == 0)];
}
