using System.Text;

namespace Idflow.Documents.Index;

/// <summary>What a person types into the search, as an expression of SQLite's FTS5 (sqlite.org/fts5.html, section 3).</summary>
internal static class SearchWords
{
    /// <summary>
    /// All words must occur; words in double quotes must follow each other; a word that ends with <c>*</c> is a beginning.
    /// Case and accents do not count. Nothing else has a meaning, so no text is an error but one without letters or digits.
    /// </summary>
    /// <exception cref="FilterException">There is nothing to search for.</exception>
    public static string ToExpression(string words)
    {
        var terms = Terms(words).Where(term => term.Text.Any(char.IsLetterOrDigit)).Select(term => $"\"{term.Text}\"{(term.IsPrefix ? " *" : "")}").ToList();
        return terms.Count > 0
            ? string.Join(' ', terms)
            : throw new FilterException($"'{words}' has no word to search for; give one or more words, \"words in quotes\" for a phrase, begin* for a beginning.");
    }

    private static IEnumerable<(string Text, bool IsPrefix)> Terms(string words)
    {
        var term = new StringBuilder();
        var isQuoted = false;
        foreach (var character in words + " ")
        {
            if (character == '"' || (char.IsWhiteSpace(character) && !isQuoted))
            {
                isQuoted ^= character == '"';
                if (term.Length > 0)
                {
                    var text = term.ToString();
                    yield return (text.TrimEnd('*'), text.EndsWith('*'));
                    term.Clear();
                }
            }
            else
            {
                term.Append(character == '\0' ? ' ' : character);
            }
        }

        if (term.Length > 0)
        {
            yield return (term.ToString().TrimEnd(), false);
        }
    }
}
