using System.Text;
using Idflow.Tasks.Keywords;
using Idflow.Tasks.Text;

namespace Idflow.Tasks.Research;

/// <summary>What looking a quotation up gave.</summary>
internal enum QuoteStatus { Verified, Partial, Unsupported }

/// <summary>
/// Looks quotations up in the stored text: found when the NFKC form, lower case, with white space and quotation marks made even,
/// occurs; else the most similar window of equally many words counts from a similarity of 0.9 (then partial).
/// </summary>
internal sealed class QuoteVerifier
{
    public const double LeastAlignment = 0.9;

    private readonly string _folded;
    private readonly string[] _words;
    private readonly Dictionary<string, List<int>> _places;

    public QuoteVerifier(string text)
    {
        _folded = Fold(text);
        _words = _folded.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _places = new(StringComparer.Ordinal);
        for (var index = 0; index < _words.Length; index++)
        {
            if (!_places.TryGetValue(_words[index], out var places))
            {
                _places[_words[index]] = places = [];
            }

            places.Add(index);
        }
    }

    public QuoteStatus Check(string quote)
    {
        var folded = Fold(quote);
        if (folded.Length == 0)
        {
            return QuoteStatus.Unsupported;
        }

        return _folded.Contains(folded, StringComparison.Ordinal) ? QuoteStatus.Verified
            : Alignment(folded) >= LeastAlignment ? QuoteStatus.Partial
            : QuoteStatus.Unsupported;
    }

    public static string Fold(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var character in TextFold.Normalize(text, NormalizationForm.FormKC))
        {
            var plain = character switch
            {
                '\u2018' or '\u2019' or '\u201A' or '\u2032' => '\'',
                '\u201C' or '\u201D' or '\u201E' or '\u00AB' or '\u00BB' or '\u2033' => '"',
                '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2212' => '-',
                _ => char.ToLowerInvariant(character),
            };
            if (!char.IsWhiteSpace(plain))
            {
                result.Append(plain);
            }
            else if (result.Length > 0 && result[^1] != ' ')
            {
                result.Append(' ');
            }
        }

        return result.ToString().TrimEnd();
    }

    /// <summary>The best string similarity to a window of the text that a word of the quotation anchors.</summary>
    private double Alignment(string folded)
    {
        var words = folded.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var anchors = words.Select((word, offset) => (word, offset)).Where(entry => _places.ContainsKey(entry.word)).OrderBy(entry => _places[entry.word].Count).Take(3);
        var best = 0.0;
        foreach (var (word, offset) in anchors)
        {
            foreach (var start in _places[word].Take(50).Select(place => Math.Max(0, place - offset)))
            {
                var window = string.Join(' ', new ReadOnlySpan<string?>(_words, start, Math.Min(words.Length, _words.Length - start)));
                best = Math.Max(best, KeywordMerger.Similarity(folded, window));
            }
        }

        return best;
    }
}
