using System.Globalization;
using System.Text;
using Idflow.Tasks.Research;

namespace Idflow.Tasks.Draft;

/// <summary>The body of a draft with the claims it makes, before title, checks and source list.</summary>
internal sealed record DraftBody(string Markdown, IReadOnlyList<ResearchClaim> Claims, IReadOnlyList<OutlineEntry> Outline);

/// <summary>
/// A draft without a model: an outline with quoted facts and their attributions. It is what a writer starts from, and it never
/// says more than its sources.
/// </summary>
internal static class ExtractiveDraft
{
    public static DraftBody Write(Material material, IReadOnlyList<Section> sections, Citations citations, int target)
    {
        var text = new StringBuilder();
        List<ResearchClaim> claims = [];
        List<OutlineEntry> outline = [];
        var verifiers = new Dictionary<int, QuoteVerifier>();
        AppendIntroduction(text, material, sections);
        var headings = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var left = target;
        foreach (var section in sections)
        {
            var heading = Unique(section.Heading, headings);
            text.Append("## ").Append(ReportFormat.Escape(heading)).Append("\n\n");
            var points = new List<string>();
            var words = 0;
            foreach (var fact in section.Facts.Where(fact => points.Count == 0 || words + CountWords(fact.Quote) <= Math.Min(left, Math.Max(section.Words, 60))))
            {
                words += CountWords(fact.Quote);
                points.Add(fact.Quote);
                var source = material.Sources[fact.Source];
                text.Append(ReportFormat.Quote(fact.Quote, source.Title, citations.NumberOf(fact.Source))).Append('\n');
                claims.Add(new(fact.Quote, [citations.NumberOf(fact.Source)], fact.Quote, Status(verifiers, material, fact)));
            }

            left -= words;
            outline.Add(new(heading, 2, points, section.Words));
            text.Append('\n');
        }

        return new(text.ToString().TrimEnd(), claims, outline);
    }

    public static int CountWords(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>Without the stored text of a source a quotation cannot be looked up; it counts as partial.</summary>
    public static string Status(Dictionary<int, QuoteVerifier> verifiers, Material material, Fact fact)
    {
        if (material.Sources[fact.Source].Text is not { } text)
        {
            return Claims.Partial;
        }

        if (!verifiers.TryGetValue(fact.Source, out var verifier))
        {
            verifiers[fact.Source] = verifier = new(text);
        }

        return verifier.Check(fact.Quote) switch
        {
            QuoteStatus.Verified => Claims.VerifiedStatus,
            QuoteStatus.Partial => Claims.Partial,
            _ => Claims.Unsupported,
        };
    }

    private static void AppendIntroduction(StringBuilder text, Material material, IReadOnlyList<Section> sections)
    {
        var sources = sections.SelectMany(section => section.Facts).Select(fact => fact.Source).Distinct().Count();
        var topic = material.Queries.Count > 0 ? $" on the question “{ReportFormat.Escape(ReportFormat.OneLine(material.Queries[0]).TrimEnd('?', '.', ' '))}?”" : "";
        text.Append(CultureInfo.InvariantCulture, $"What follows gathers what {(sources == 1 ? "one source says" : $"{sources} sources say")}{topic} ");
        text.Append(CultureInfo.InvariantCulture, $"in {(sections.Count == 1 ? "one part" : $"{sections.Count} parts")}. Each quotation stands word for word in the source it names; the text between them is still to be written.\n\n");
    }

    private static string Unique(string heading, HashSet<string> known)
    {
        var unique = heading;
        for (var number = 2; !known.Add(unique); number++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{heading} ({number})");
        }

        return unique;
    }
}
