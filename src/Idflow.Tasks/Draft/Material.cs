namespace Idflow.Tasks.Draft;

/// <summary>A source that facts come from. <paramref name="Text"/> is its stored text when there is one, to look quotations up in.</summary>
internal sealed record MaterialSource(string Type, string Title, string Url, double Relevance, string? Text);

/// <summary>A quotation with its source (by position) and the part of the question it was found for.</summary>
internal sealed record Fact(int Source, string Quote, string Topic, double Relevance);

/// <summary>All that a draft may use, merged over its inputs.</summary>
internal sealed class Material
{
    private readonly Dictionary<string, int> _byUrl = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _quotes = new(StringComparer.Ordinal);

    public List<MaterialSource> Sources { get; } = [];

    public List<Fact> Facts { get; } = [];

    /// <summary>The questions that the research answered, in order.</summary>
    public List<string> Queries { get; } = [];

    /// <summary>What gave nothing, and why; for the failure and the warnings.</summary>
    public List<string> Empty { get; } = [];

    public int AddSource(string type, string title, string url, double relevance, string? text)
    {
        var key = Web.CanonicalUrl.Of(url);
        if (!_byUrl.TryGetValue(key, out var position))
        {
            _byUrl[key] = position = Sources.Count;
            Sources.Add(new(type, title, url, relevance, text));
        }
        else if (Sources[position].Text is null && text is not null)
        {
            Sources[position] = Sources[position] with { Text = text };
        }

        return position;
    }

    public void AddFact(int source, string quote, string topic, double relevance)
    {
        var line = Research.ReportFormat.OneLine(quote);
        if (line.Length >= 20 && _quotes.Add(Research.QuoteVerifier.Fold(line)))
        {
            Facts.Add(new(source, line, topic, relevance));
        }
    }
}
