namespace Idflow.Tasks.Research;

/// <summary>A part of a question.</summary>
/// <param name="Query">As readers see it: words of the question in their order and case.</param>
/// <param name="Search">What is searched for it; the words that the parts share are repeated in each.</param>
/// <param name="Focus">What sets it apart from the other parts, a name or a phrase; empty when nothing does.</param>
/// <param name="Heading">The query as a heading.</param>
internal sealed record PlannedQuery(string Query, string Search, string Focus, string Heading)
{
    private static readonly HashSet<string> Small = ["a", "an", "the", "of", "in", "on", "at", "by", "to", "for", "from", "with", "as", "and", "or", "but", "nor", "about"];

    /// <summary>A part that is searched as it stands.</summary>
    public static PlannedQuery Of(string query, string language) => new(query, query, "", HeadingOf(query, language));

    /// <summary>A second look at the same part, with more words.</summary>
    public PlannedQuery Widened(IEnumerable<string> words) => this with { Query = $"more on {Query}", Search = $"{Search} {string.Join(' ', words)}", Heading = $"More on {Heading}" };

    /// <summary>English headings have capitals but for articles, conjunctions and short prepositions; others begin with one.</summary>
    public static string HeadingOf(string query, string language)
    {
        var words = ReportFormat.OneLine(query).TrimEnd('?', '.', ':', ';', ',').Split(' ');
        return string.Join(' ', words.Select((word, index) => index == 0 || (language == "en" && (index == words.Length - 1 || !Small.Contains(word))) ? Capital(word) : word));
    }

    private static string Capital(string word) => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..];
}
