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

    /// <summary>Words that a verb follows, and words that a noun follows.</summary>
    private static readonly HashSet<string>
        BeforeVerbs = new(StringComparer.OrdinalIgnoreCase) { "i", "you", "he", "she", "it", "we", "they", "who", "to", "will", "would", "shall", "should", "can", "could", "may", "might", "must", "did", "do", "does", "not", "cannot" },
        BeforeNouns = new(StringComparer.OrdinalIgnoreCase) { "the", "a", "an", "of", "its", "their", "our", "his", "her", "my", "your", "this", "that", "these", "those", "no", "some", "any", "all", "each", "every", "more", "such" };

    /// <param name="given">Keywords that the task was given, or null.</param>
    /// <param name="ofDocument">Tags in the front matter of the document.</param>
    /// <param name="headings">Headings of the sections.</param>
    /// <param name="text">The draft.</param>
    /// <param name="body">The document's own text.</param>
    /// <param name="language">Code of their language.</param>
    public static IReadOnlyList<string> Choose(IReadOnlyList<string>? given, IEnumerable<string> ofDocument, IEnumerable<string> headings, string text, string body, string language)
    {
        var stopWords = StopWords.For(language);
        var words = Words($"{body}\n{text}");
        var named = headings.Select(heading => heading.ToLowerInvariant()).Where(heading => heading.Split(' ') is { Length: <= LongestHeading } parts && !parts.Any(stopWords.Contains));
        var first = given is { Count: > 0 } ? given : [];
        var last = given is { Count: > 0 } ? [] : Extract(text, language);
        return [.. first.Concat(ofDocument).Concat(named).Concat(last).Select(tag => tag.Trim().ToLowerInvariant())
            .Where(tag => tag.Length > 0 && (language != "en" || IsNoun(tag, words))).Distinct(StringComparer.Ordinal).Take(given is { Count: > 0 } ? Most : MostExtracted)];
    }

    private static IEnumerable<string> Extract(string text, string language)
    {
        var settings = KeywordSettings.From(new() { TopN = Extracted }, stopWordsGiven: false, texts: 1);
        var extracted = PhraseExtractor.Extract(text, 1, 2, StopWords.For(language));
        return new KeywordRanker(settings, null, language, CancellationToken.None).Rank(text, extracted, _ => true, null).Select(keyword => keyword.Text);
    }

    /// <summary>A phrase must not end in a participle; a word in lower case must not stand after pronouns and auxiliaries only.</summary>
    private static bool IsNoun(string tag, List<string> words)
    {
        var parts = tag.Split(' ');
        if (parts.Length > 1)
        {
            return !(parts[^1].Length > 4 && parts[^1].EndsWith("ed", StringComparison.Ordinal));
        }

        var found = Enumerable.Range(1, Math.Max(0, words.Count - 1)).Where(position => words[position].Equals(tag, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Exists(position => char.IsUpper(words[position][0]) || BeforeNouns.Contains(words[position - 1])) || !found.Exists(position => BeforeVerbs.Contains(words[position - 1]));
    }

    private static List<string> Words(string text) => WordTokenizer.Tokenize(text).ConvertAll(token => text.Substring(token.Start, token.Length));
}
