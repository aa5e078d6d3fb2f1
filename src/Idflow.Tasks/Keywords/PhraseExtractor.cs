using Idflow.Tasks.Text;

namespace Idflow.Tasks.Keywords;

/// <summary>A candidate: its words in lower case, and where it stands in the text.</summary>
internal sealed class Phrase(string key, string[] words)
{
    public string Key { get; } = key;

    public string[] Words { get; } = words;

    public List<TextSpan> Places { get; } = [];

    public int Count => Places.Count;
}

/// <summary>A word of a sentence.</summary>
internal readonly record struct Word(string Lower, TextSpan Span, int Sentence, bool IsStop, bool JoinsNext);

/// <summary>
/// Words and candidates of a text. A candidate is a run of words inside one sentence with nothing but white space between
/// them; a stop word may stand inside, never at an edge; at least one word has two letters.
/// </summary>
internal sealed class PhraseExtractor
{
    private PhraseExtractor(List<Word> words, int sentences, IReadOnlyList<Phrase> phrases)
    {
        Words = words;
        SentenceCount = sentences;
        Phrases = phrases;
    }

    public List<Word> Words { get; }

    public int SentenceCount { get; }

    /// <summary>In the order of their first place.</summary>
    public IReadOnlyList<Phrase> Phrases { get; }

    public static PhraseExtractor Extract(string text, int least, int most, IReadOnlySet<string> stopWords)
    {
        var masked = MarkdownMask.Apply(text);
        var sentences = SentenceSplitter.Split(masked);
        List<Word> words = [];
        for (var sentence = 0; sentence < sentences.Count; sentence++)
        {
            var tokens = WordTokenizer.Tokenize(masked, sentences[sentence].Start, sentences[sentence].End);
            for (var index = 0; index < tokens.Count; index++)
            {
                var lower = masked.Substring(tokens[index].Start, tokens[index].Length).ToLowerInvariant();
                var joins = index + 1 < tokens.Count && masked.AsSpan(tokens[index].End, tokens[index + 1].Start - tokens[index].End).IsWhiteSpace()
                    && text.AsSpan(tokens[index].End, tokens[index + 1].Start - tokens[index].End).IsWhiteSpace();
                words.Add(new(lower, new(tokens[index].Start, tokens[index].Length), sentence, IsStop(lower, stopWords), joins));
            }
        }

        return new(words, sentences.Count, Collect(words, least, most));
    }

    private static List<Phrase> Collect(List<Word> words, int least, int most)
    {
        var phrases = new Dictionary<string, Phrase>(StringComparer.Ordinal);
        List<Phrase> order = [];
        for (var first = 0; first < words.Count; first++)
        {
            if (words[first].IsStop)
            {
                continue;
            }

            for (var last = first; last < first + most && last < words.Count; last++)
            {
                if (last > first && !words[last - 1].JoinsNext)
                {
                    break;
                }

                if (last - first + 1 >= least && !words[last].IsStop)
                {
                    Add(phrases, order, words, first, last);
                }
            }
        }

        return order;
    }

    private static void Add(Dictionary<string, Phrase> phrases, List<Phrase> order, List<Word> words, int first, int last)
    {
        var parts = words.GetRange(first, last - first + 1).ConvertAll(word => word.Lower).ToArray();
        if (!parts.Any(part => part.Count(char.IsLetter) >= 2))
        {
            return;
        }

        var key = string.Join(' ', parts);
        if (!phrases.TryGetValue(key, out var phrase))
        {
            phrases[key] = phrase = new(key, parts);
            order.Add(phrase);
        }

        phrase.Places.Add(new(words[first].Span.Start, words[last].Span.End - words[first].Span.Start));
    }

    private static bool IsStop(string lower, IReadOnlySet<string> stopWords)
    {
        if (stopWords.Contains(lower))
        {
            return true;
        }

        // "it's", "l'été": a contraction of stop words is one; an elided article is not.
        var apostrophe = lower.AsSpan().IndexOfAny('\'', '\u2019');
        return apostrophe > 0 && lower.Length - apostrophe <= 3 && stopWords.Contains(lower[..apostrophe]);
    }
}
