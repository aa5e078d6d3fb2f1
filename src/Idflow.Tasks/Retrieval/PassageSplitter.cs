using Idflow.Tasks.Text;

namespace Idflow.Tasks.Retrieval;

/// <summary>A stretch of a source's text with the headings above it, outermost first, joined by " > ".</summary>
internal sealed record Passage(int Source, TextSpan Span, string Heading, IReadOnlyList<TextSpan> Sentences);

/// <summary>
/// Cuts a text into passages of whole sentences, about <see cref="Length"/> characters; a heading begins a new one. The last
/// sentence is repeated in the next passage when it has at most <see cref="Overlap"/> characters.
/// </summary>
internal static class PassageSplitter
{
    public const int Length = 1000, Overlap = 100;

    public static List<Passage> Split(string text, int source)
    {
        List<Passage> passages = [];
        List<TextSpan> pending = [];
        var fresh = false;
        List<(int Level, string Title)> headings = [];

        void Flush(bool keepOverlap)
        {
            if (fresh)
            {
                passages.Add(new(source, new(pending[0].Start, pending[^1].End - pending[0].Start), string.Join(" > ", headings.Select(heading => heading.Title)), [.. pending]));
            }

            var last = keepOverlap && pending.Count > 1 && pending[^1].Length <= Overlap ? pending[^1] : (TextSpan?)null;
            pending.Clear();
            fresh = false;
            if (last is { } overlap)
            {
                pending.Add(overlap);
            }
        }

        foreach (var sentence in SentenceSplitter.Split(text).SelectMany(sentence => CutLong(text, sentence)))
        {
            var level = HeadingLevel(text, sentence);
            if (level > 0)
            {
                Flush(keepOverlap: false);
                headings.RemoveAll(heading => heading.Level >= level);
                headings.Add((level, sentence.In(text).Trim('#', ' ', '\t')));
                continue;
            }

            if (fresh && sentence.End - pending[0].Start > Length)
            {
                Flush(keepOverlap: true);
            }

            pending.Add(sentence);
            fresh = true;
        }

        Flush(keepOverlap: false);
        return passages;
    }

    private static int HeadingLevel(string text, TextSpan sentence)
    {
        var level = 0;
        while (level < sentence.Length && level < 7 && text[sentence.Start + level] == '#')
        {
            level++;
        }

        return level is > 0 and < 7 && (sentence.Length == level || text[sentence.Start + level] == ' ') ? level : 0;
    }

    /// <summary>Text without sentence ends (tables, lists of words) is cut at white space.</summary>
    private static IEnumerable<TextSpan> CutLong(string text, TextSpan sentence)
    {
        const int longest = 2 * Length;
        var start = sentence.Start;
        while (sentence.End - start > longest)
        {
            var cut = text.LastIndexOf(' ', start + longest - 1, longest - 1);
            cut = cut <= start ? start + longest : cut;
            if (char.IsLowSurrogate(text[cut]))
            {
                cut--;
            }

            yield return new(start, cut - start);
            start = char.IsWhiteSpace(text[cut]) ? cut + 1 : cut;
        }

        yield return new(start, sentence.End - start);
    }
}
