using Idflow.Tasks.Keywords;
using Idflow.Tasks.Text;

namespace Idflow.Tasks.Draft;

/// <summary>
/// Tags of a draft: the given keywords, the tags of its document, the short headings, in this order and lower case; without given
/// keywords the best statistical ones of the text come last. In English a keyword that the texts use as a verb only is none.
/// </summary>
internal static class Tags
{
    private const int Most = 8, MostExtracted = 6, Extracted = 16, LongestHeading = 2;

    /// <param name="given">Keywords that the task was given, or null.</param>
    /// <param name="ofDocument">Tags in the front matter of the document.</param>
    /// <param name="headings">Headings of the sections.</param>
    /// <param name="text">The draft.</param>
    /// <param name="body">The document's own text.</param>
    /// <param name="language">Code of their language.</param>
    public static IReadOnlyList<string> Choose(IReadOnlyList<string>? given, IEnumerable<string> ofDocument, IEnumerable<string> headings, string text, string body, string language)
    {
        var stopWords = StopWords.For(language);
        var nouns = new NounPhrases($"{body}\n{text}", language);
        var named = headings.Select(heading => heading.ToLowerInvariant()).Where(heading => heading.Split(' ') is { Length: <= LongestHeading } parts && !parts.Any(stopWords.Contains));
        var first = given is { Count: > 0 } ? given : [];
        var last = given is { Count: > 0 } ? [] : Extract(text, language);
        return [.. first.Concat(ofDocument).Concat(named).Concat(last).Select(tag => tag.Trim().ToLowerInvariant())
            .Where(tag => tag.Length > 0 && nouns.Holds(tag)).Distinct(StringComparer.Ordinal).Take(given is { Count: > 0 } ? Most : MostExtracted)];
    }

    private static IEnumerable<string> Extract(string text, string language)
    {
        var settings = KeywordSettings.From(new() { TopN = Extracted }, stopWordsGiven: false, texts: 1);
        var extracted = PhraseExtractor.Extract(text, 1, 2, StopWords.For(language));
        return new KeywordRanker(settings, null, language, CancellationToken.None).Rank(text, extracted, _ => true, null).Select(keyword => keyword.Text);
    }
}
