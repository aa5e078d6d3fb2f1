using Idflow.Tasks.Text;

namespace Idflow.Tasks.Keywords;

/// <summary>
/// Scores phrases by the features of YAKE (Campos et al. 2020, Information Sciences 509): casing, position, frequency,
/// relatedness to context and spread over sentences, in one pass over the words. YAKE's score S is lower for better phrases;
/// here it is 1 / (1 + 10 S), so 0 to 1 and higher is better.
/// </summary>
internal static class StatisticalRanker
{
    public static double[] Score(string text, PhraseExtractor extracted)
    {
        var words = WordScores(text, extracted);
        return [.. extracted.Phrases.Select(phrase => 1 / (1 + (10 * PhraseScore(phrase, words))))];
    }

    /// <summary>Product of the words' scores over count · (1 + their sum); stop words inside count neither way.</summary>
    private static double PhraseScore(Phrase phrase, Dictionary<string, double> words)
    {
        double product = 1, sum = 0;
        foreach (var word in phrase.Words)
        {
            if (words.TryGetValue(word, out var score))
            {
                product *= score;
                sum += score;
            }
        }

        return product / (phrase.Count * (1 + sum));
    }

    private static Dictionary<string, double> WordScores(string text, PhraseExtractor extracted)
    {
        var facts = Collect(text, extracted);
        var counts = facts.Values.Select(fact => (double)fact.Sentences.Count).ToArray();
        if (counts.Length == 0)
        {
            return [];
        }

        var mean = counts.Average();
        var deviation = Math.Sqrt(counts.Average(count => (count - mean) * (count - mean)));
        var most = counts.Max();
        return facts.ToDictionary(entry => entry.Key, entry => entry.Value.Score(mean + deviation, most, extracted.SentenceCount), StringComparer.Ordinal);
    }

    private static Dictionary<string, WordFacts> Collect(string text, PhraseExtractor extracted)
    {
        var facts = new Dictionary<string, WordFacts>(StringComparer.Ordinal);
        var words = extracted.Words;
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            if (word.IsStop)
            {
                continue;
            }

            if (!facts.TryGetValue(word.Lower, out var fact))
            {
                facts[word.Lower] = fact = new();
            }

            fact.Sentences.Add(word.Sentence);
            var begins = index == 0 || words[index - 1].Sentence != word.Sentence;
            var surface = text.AsSpan(word.Span.Start, word.Span.Length);
            fact.Capitals += !begins && char.IsUpper(surface[0]) ? 1 : 0;
            fact.Acronyms += surface.Length > 1 && IsUpper(surface) ? 1 : 0;
            if (!begins && words[index - 1].JoinsNext)
            {
                fact.Left.Add(words[index - 1].Lower);
                fact.LeftCount++;
            }

            if (word.JoinsNext)
            {
                fact.Right.Add(words[index + 1].Lower);
                fact.RightCount++;
            }
        }

        return facts;
    }

    private static bool IsUpper(ReadOnlySpan<char> surface)
    {
        foreach (var character in surface)
        {
            if (!char.IsUpper(character))
            {
                return false;
            }
        }

        return true;
    }

    private sealed class WordFacts
    {
        /// <summary>The sentence of each occurrence, ascending.</summary>
        public List<int> Sentences { get; } = [];

        public int Capitals { get; set; }

        public int Acronyms { get; set; }

        public HashSet<string> Left { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Right { get; } = new(StringComparer.Ordinal);

        public int LeftCount { get; set; }

        public int RightCount { get; set; }

        public double Score(double usual, double most, int sentences)
        {
            double count = Sentences.Count;
            var casing = Math.Max(Capitals, Acronyms) / (1 + Math.Log(count));
            var position = Math.Log(Math.Log(3 + Sentences[Sentences.Count / 2]) + 1);
            var frequency = count / usual;
            var left = LeftCount > 0 ? (double)Left.Count / LeftCount : 0;
            var right = RightCount > 0 ? (double)Right.Count / RightCount : 0;
            var relatedness = 1 + ((left + right) * count / most);
            var spread = (double)Sentences.Distinct().Count() / sentences;
            return relatedness * position / (casing + (frequency / relatedness) + (spread / relatedness));
        }
    }
}
