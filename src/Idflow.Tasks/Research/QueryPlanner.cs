using System.Text.RegularExpressions;
using Idflow.Tasks.Text;

namespace Idflow.Tasks.Research;

/// <summary>
/// Plain sub-queries of a question, without a model: one for each of several names or years that it sets side by side (the rest
/// of the question is searched with each), then its clauses, then the two ways of "by A or by B". A question that has no such
/// parts is its only sub-query.
/// </summary>
internal static partial class QueryPlanner
{
    /// <param name="query">The question.</param>
    /// <param name="most">Names and clauses; two ways may come on top.</param>
    /// <param name="language">Its language.</param>
    public static List<PlannedQuery> Plan(string query, int most, string language)
    {
        var plain = WhiteSpace().Replace(query, " ").Trim();
        var stopWords = StopWords.For(language);
        var parts = ByName(plain, stopWords, language).Concat(ByClause(plain, stopWords).Select(clause => PlannedQuery.Of(clause, language))).Take(most)
            .Concat(ByWay(plain, stopWords, language))
            .Where(part => part.Query.Length > 0 && !part.Query.Equals(plain, StringComparison.OrdinalIgnoreCase)).DistinctBy(part => part.Query, StringComparer.OrdinalIgnoreCase).ToList();
        return parts.Count == 0 ? [PlannedQuery.Of(plain, language)] : parts;
    }

    /// <summary>The words of a question that are written as names (a capital inside a sentence), without the words of asking; none in German, which writes every noun so.</summary>
    public static string NamesIn(string query, string language)
    {
        if (language == "de")
        {
            return "";
        }

        var words = WordTokenizer.Tokenize(query);
        var stopWords = StopWords.For(language);
        return WithoutPossessive(string.Join(' ', Enumerable.Range(0, words.Count).Where(index => IsName(query, words, index, stopWords)).Select(index => Surface(query, words[index]))));
    }

    /// <summary>"Compare A in 1888, B in 1889 and C on trusts" gives "A in 1888", "B in 1889", "C", each searched with "trusts".</summary>
    private static List<PlannedQuery> ByName(string query, IReadOnlySet<string> stopWords, string language)
    {
        var words = WordTokenizer.Tokenize(query);
        var names = Names(query, words, stopWords);
        if (names.Count < 2)
        {
            return [];
        }

        var taken = names.SelectMany(name => Enumerable.Range(name.First, name.Last - name.First + 1)).ToHashSet();
        var freeYears = Enumerable.Range(0, words.Count).Where(index => !taken.Contains(index) && IsYear(query, words[index])).ToList();
        var paired = freeYears.Count == names.Count;
        var rest = Enumerable.Range(0, words.Count).Where(index => !taken.Contains(index) && (!paired || !freeYears.Contains(index)))
            .Select(index => Surface(query, words[index])).Where(word => !stopWords.Contains(word.ToLowerInvariant()) && !IsTalk(word)).ToList();
        return [.. names.Select((name, index) =>
        {
            List<string> year = paired ? [Surface(query, words[freeYears[index]])] : [];
            var phrase = WithoutPossessive(query[words[name.First].Start..words[name.Last].End]);
            var own = WordTokenizer.Tokenize(phrase).Select(token => Surface(phrase, token)).Where(word => !stopWords.Contains(word.ToLowerInvariant())).ToList();
            var shown = string.Join(", ", year.Prepend(phrase));
            return new PlannedQuery(shown, string.Join(' ', [.. rest, .. own, .. year]), string.Join(' ', own.Where(word => !char.IsAsciiDigit(word[0]))), PlannedQuery.HeadingOf(shown, language));
        })];
    }

    /// <summary>"by A or by B" at the end of a clause gives "A" and "B", each searched with the names of the question.</summary>
    private static IEnumerable<PlannedQuery> ByWay(string query, IReadOnlySet<string> stopWords, string language)
    {
        if (Way().Match(query) is not { Success: true } match)
        {
            return [];
        }

        var words = WordTokenizer.Tokenize(query);
        var names = Enumerable.Range(0, words.Count).Where(index => IsName(query, words, index, stopWords)).Select(index => Surface(query, words[index])).ToList();
        return new[] { match.Groups["first"].Value, match.Groups["second"].Value }.Select(way => way.Trim())
            .Where(way => WordTokenizer.Tokenize(way) is { Count: > 0 and <= 5 } own && own.Any(token => !stopWords.Contains(Surface(way, token).ToLowerInvariant())))
            .Select(way => new PlannedQuery(way, string.Join(' ', names.Prepend(way)), way, PlannedQuery.HeadingOf(way, language)));
    }

    /// <summary>Names that stand in a list, in "from A to B", or with a possessive; each with a year that follows "in".</summary>
    private static List<(int First, int Last)> Names(string query, List<Token> words, IReadOnlySet<string> stopWords)
    {
        List<(int First, int Last)> chunks = [];
        for (var index = 0; index < words.Count; index++)
        {
            if (!IsName(query, words, index, stopWords))
            {
                continue;
            }

            var last = index;
            while (last + 1 < words.Count && IsName(query, words, last + 1, stopWords) && Between(query, words, last) is " " or ". ")
            {
                last++;
            }

            var end = last + 2 < words.Count && Surface(query, words[last + 1]) is "in" or "of" && IsYear(query, words[last + 2]) ? last + 2 : last;
            chunks.Add((index, end));
            index = end;
        }

        var possessive = chunks.Where(chunk => EndsPossessive(Surface(query, words[chunk.Last]))).ToList();
        var listed = chunks.Where((chunk, position) => (position > 0 && Linked(query, words, chunks[position - 1], chunk)) || (position + 1 < chunks.Count && Linked(query, words, chunk, chunks[position + 1]))).ToList();
        return listed.Count > 1 ? listed : possessive.Count > 1 ? possessive : [];
    }

    private static bool Linked(string query, List<Token> words, (int First, int Last) left, (int First, int Last) right) =>
        right.First - left.Last <= 3 && Link().IsMatch(query.AsSpan(words[left.Last].End, words[right.First].Start - words[left.Last].End));

    private static bool IsName(string query, List<Token> words, int index, IReadOnlySet<string> stopWords)
    {
        var surface = Surface(query, words[index]);
        if (!char.IsUpper(surface[0]) || stopWords.Contains(surface.ToLowerInvariant()) || IsTalk(surface))
        {
            return false;
        }

        var begins = index == 0 || Between(query, words, index - 1).AsSpan().IndexOfAny('.', '?', '!') >= 0;
        return !begins || (index + 2 < words.Count && Surface(query, words[index + 1]) is "and" or "or" or "to" && char.IsUpper(query[words[index + 2].Start]));
    }

    /// <summary>Sentences and parts after "and how", "but", ";": each with at least three content words.</summary>
    private static IEnumerable<string> ByClause(string query, IReadOnlySet<string> stopWords)
    {
        var parts = Clause().Split(query).Select(part => part.Trim(' ', ',', '.', '?', '!', ';', ':')).Where(part => part.Length > 0).ToList();
        return parts.Count < 2 ? [] : parts.Where(part => WordTokenizer.Tokenize(part).Count(token => !stopWords.Contains(Surface(part, token).ToLowerInvariant())) >= 3);
    }

    private static bool IsYear(string query, Token word) => word.Length == 4 && int.TryParse(query.AsSpan(word.Start, 4), out var year) && year is > 1000 and < 2200;

    private static string WithoutPossessive(string text) => text.Replace("'s", "", StringComparison.Ordinal).Replace("\u2019s", "", StringComparison.Ordinal);

    private static bool EndsPossessive(string word) => word.EndsWith("'s", StringComparison.Ordinal) || word.EndsWith("\u2019s", StringComparison.Ordinal);

    /// <summary>Words of the asking, not of the topic.</summary>
    private static bool IsTalk(string word) => word.ToLowerInvariant() is "compare" or "say" or "said" or "tell" or "told" or "speak" or "spoke" or "each" or "both" or "different" or "messages" or "message" or "describe" or "explain" or "did" or "does" or "do" or "just";

    private static string Surface(string query, Token word) => query.Substring(word.Start, word.Length);

    private static string Between(string query, List<Token> words, int index) => query[words[index].End..words[index + 1].Start];

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"^\s*(,|and|or|,\s*and|versus|vs\.?|to|und|et|y|e|en)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Link();

    [GeneratedRegex(@"\bby (?<first>[^,.;:?!]+?),? or by (?<second>[^,.;:?!]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Way();

    [GeneratedRegex(@"(?<=[?!;:]|\w\w\.)\s+|,?\s+(?:and|but)\s+(?=(?:how|what|why|when|where|who|which|did|by)\b)|,\s+(?=(?:how|what|why|when|where|who|which|first|then)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Clause();
}
