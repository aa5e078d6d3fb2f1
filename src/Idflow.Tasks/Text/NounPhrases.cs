namespace Idflow.Tasks.Text;

/// <summary>
/// Tells words and phrases of an English text that can name something from those that it uses as verbs only, by the words that stand before
/// them: no dictionary, so a word that stands after neither pronouns nor articles counts as a name. In other languages everything does.
/// </summary>
internal sealed class NounPhrases
{
    /// <summary>Words that a verb follows, and words that a noun follows.</summary>
    private static readonly HashSet<string>
        BeforeVerbs = new(StringComparer.OrdinalIgnoreCase) { "i", "you", "he", "she", "it", "we", "they", "who", "to", "will", "would", "shall", "should", "can", "could", "may", "might", "must", "did", "do", "does", "not", "cannot" },
        BeforeNouns = new(StringComparer.OrdinalIgnoreCase) { "the", "a", "an", "of", "its", "their", "our", "his", "her", "my", "your", "this", "that", "these", "those", "no", "some", "any", "all", "each", "every", "more", "such" };

    private readonly bool _english;
    private readonly List<string> _words;
    private readonly ILookup<string, int> _places;

    /// <param name="text">The text that uses the words.</param>
    /// <param name="language">Its code.</param>
    public NounPhrases(string text, string language)
    {
        _english = language == "en";
        _words = WordTokenizer.Tokenize(text).ConvertAll(token => text.Substring(token.Start, token.Length));
        _places = Enumerable.Range(0, _words.Count).ToLookup(place => _words[place], StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A phrase must neither begin with a word that is a verb only nor end in a participle; a word must not stand as a verb only.</summary>
    public bool Holds(string phrase)
    {
        if (!_english)
        {
            return true;
        }

        var parts = phrase.Split(' ');
        return parts.Length == 1
            ? !IsVerbOnly(phrase) && (!IsParticiple(phrase) || IsNamed(phrase))
            : !IsVerbOnly(parts[0]) && !IsVerbOnly(parts[^1]) && !IsParticiple(parts[^1]);
    }

    private bool IsVerbOnly(string word) =>
        BeforeVerbs.Contains(word) || (_places[word].Any(place => place > 0 && BeforeVerbs.Contains(_words[place - 1])) && !IsNamed(word));

    private bool IsNamed(string word) => _places[word].Any(place => place > 0 && (char.IsUpper(_words[place][0]) || BeforeNouns.Contains(_words[place - 1])));

    /// <summary>"reported", but not "need" and "red".</summary>
    private static bool IsParticiple(string word) => word.Length > 4 && word.EndsWith("ed", StringComparison.Ordinal) && !word.EndsWith("eed", StringComparison.Ordinal);
}
