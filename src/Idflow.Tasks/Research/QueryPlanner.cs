using System.Text.RegularExpressions;
using Idflow.Tasks.Text;

namespace Idflow.Tasks.Research;

/// <summary>
/// Plain sub-queries of a question, without a model: one for each of several names or years that it sets side by side (the rest
/// of the question stays), then its clauses. A question that has no such parts is its only sub-query.
/// </summary>
internal static partial class QueryPlanner
{
    public static List<string> Plan(string query, int most, string language)
    {
        var plain = WhiteSpace().Replace(query, " ").Trim();
        List<string> parts = [.. ByName(plain, StopWords.For(language)), .. ByClause(plain, StopWords.For(language))];
        parts = [.. parts.Where(part => part.Length > 0 && !part.Equals(plain, StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.OrdinalIgnoreCase).Take(most)];
        return parts.Count == 0 ? [plain] : parts;
    }

    /// <summary>"Compare A in 1888, B in 1889 and C on trusts" gives "trusts A 1888", "trusts B 1889", "trusts C".</summary>
    private static List<string> ByName(string query, IReadOnlySet<string> stopWords)
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
        return [.. names.Select((name, index) => string.Join(' ',
            rest.Concat(Enumerable.Range(name.First, name.Last - name.First + 1).Select(position => Surface(query, words[position]).Replace("'s", "", StringComparison.Ordinal).Replace("\u2019s", "", StringComparison.Ordinal)).Where(word => !stopWords.Contains(word.ToLowerInvariant())))
                .Concat(paired ? [Surface(query, words[freeYears[index]])] : [])))];
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

    private static bool EndsPossessive(string word) => word.EndsWith("'s", StringComparison.Ordinal) || word.EndsWith("\u2019s", StringComparison.Ordinal);

    /// <summary>Words of the asking, not of the topic.</summary>
    private static bool IsTalk(string word) => word.ToLowerInvariant() is "compare" or "say" or "said" or "tell" or "told" or "speak" or "spoke" or "each" or "both" or "different" or "messages" or "message" or "describe" or "explain" or "did" or "does" or "do" or "just";

    private static string Surface(string query, Token word) => query.Substring(word.Start, word.Length);

    private static string Between(string query, List<Token> words, int index) => query[words[index].End..words[index + 1].Start];

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"^\s*(,|and|or|,\s*and|versus|vs\.?|to|und|et|y|e|en)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<=[?!;:]|\w\w\.)\s+|,?\s+(?:and|but)\s+(?=(?:how|what|why|when|where|who|which|did|by)\b)|,\s+(?=(?:how|what|why|when|where|who|which|first|then)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Clause();
}
