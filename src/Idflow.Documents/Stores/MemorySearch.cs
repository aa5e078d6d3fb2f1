using System.Text.RegularExpressions;

namespace Idflow.Documents.Stores;

/// <summary>The full-text search of the memory store: all words must occur, quoted words in a row, <c>begin*</c> is a beginning; more hits rank higher.</summary>
internal static partial class MemorySearch
{
    private const int SnippetReach = 60;

    /// <exception cref="FilterException">There is nothing to search for.</exception>
    public static IReadOnlyList<SearchHit> Find(string words, int limit, IEnumerable<(string DocumentId, string? Result, string Text)> texts)
    {
        var terms = Term().Matches(words).Select(match => ToPattern(match.Value)).OfType<Regex>().ToList();
        if (terms.Count == 0)
        {
            throw new FilterException($"'{words}' has no word to search for; give one or more words.");
        }

        return [.. texts.Select(text => Hit(text, terms)).OfType<SearchHit>().OrderByDescending(hit => hit.Score).ThenBy(hit => hit.DocumentId, StringComparer.Ordinal).Take(limit)];
    }

    private static SearchHit? Hit((string DocumentId, string? Result, string Text) text, List<Regex> terms)
    {
        var counts = terms.ConvertAll(term => term.Count(text.Text));
        if (counts.Contains(0))
        {
            return null;
        }

        var at = terms[0].Match(text.Text).Index;
        var start = Math.Max(0, at - SnippetReach);
        var snippet = text.Text[start..Math.Min(text.Text.Length, at + SnippetReach)].ReplaceLineEndings(" ").Trim();
        return new SearchHit(text.DocumentId, text.Result, snippet, counts.Sum());
    }

    private static Regex? ToPattern(string term)
    {
        var parts = Word().Matches(term).Select(match => Regex.Escape(match.Value)).ToList();
        var end = term.EndsWith('*') ? "" : @"(?![\p{L}\p{N}])";
        return parts.Count == 0
            ? null
            : new Regex($@"(?<![\p{{L}}\p{{N}}]){string.Join(@"[^\p{L}\p{N}]+", parts)}{end}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    [GeneratedRegex("\"[^\"]*\"|[^\\s\"]+")]
    private static partial Regex Term();

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();
}
