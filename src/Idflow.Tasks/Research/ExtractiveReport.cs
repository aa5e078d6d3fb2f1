using System.Globalization;
using System.Text;

namespace Idflow.Tasks.Research;

/// <summary>Writes the findings as Markdown: quotations with their sources, grouped by sub-query, and plainly what was not found.</summary>
internal static class ExtractiveReport
{
    public static string Write(ResearchSettings settings, Findings findings, CitedSources cited)
    {
        var text = new StringBuilder("# ").Append(ReportFormat.Escape(ReportFormat.OneLine(settings.Query))).Append("\n\n");
        if (cited.Texts.Count == 0)
        {
            return text.Append("No search found any page for this question.\n\n").Append(ReportFormat.SourceList([])).ToString();
        }

        AppendOpening(text, findings, cited.Texts.Count);
        var level = findings.Parts.Count > 1 || findings.Parts[0].Query != settings.Query;
        foreach (var part in findings.Parts)
        {
            text.Append("## ").Append(level ? ReportFormat.Escape(part.Heading) : part.Answered ? "What the sources say" : "The nearest passages").Append("\n\n");
            if (part.Evidence.Count == 0)
            {
                text.Append("No passage was found for this part of the question.\n\n");
                continue;
            }

            if (level && !part.Answered)
            {
                text.Append("No passage answers this part; these come nearest.\n\n");
            }

            foreach (var evidence in part.Evidence)
            {
                text.Append(ReportFormat.Quote(evidence.Quote, cited.Texts[evidence.Source].Title, cited.NumberOf(evidence.Source))).Append('\n');
            }

            text.Append('\n');
        }

        return text.Append(ReportFormat.SourceList(cited.Listed())).ToString();
    }

    /// <summary>Up to three of the best quotations, one per part, or that there is no answer.</summary>
    public static string Summary(Findings findings, CitedSources cited)
    {
        if (!findings.Parts.Any(part => part.Answered))
        {
            return "The sources hold no answer to this question." + Missing(findings);
        }

        var best = findings.Parts.Where(part => part.Answered).SelectMany((part, order) => part.Evidence.Select((evidence, rank) => (evidence, rank, order)))
            .OrderBy(item => item.rank).ThenBy(item => item.order).Take(3).Select(item => item.evidence);
        return string.Join(' ', best.Select(evidence => $"“{ReportFormat.OneLine(evidence.Quote)}” [{cited.NumberOf(evidence.Source)}]"));
    }

    private static void AppendOpening(StringBuilder text, Findings findings, int sources)
    {
        if (!findings.Parts.Any(part => part.Answered))
        {
            text.Append("**The sources hold no answer to this question.**").Append(Missing(findings)).Append(" What follows are the nearest passages; they are no answer.\n\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"Quotations chosen from {Count(sources, "source")} by relevance; each one stands word for word in the source that it names.");
        text.Append(findings.Parts.All(part => part.Answered) ? "" : Missing(findings)).Append("\n\n");
    }

    private static string Missing(Findings findings) => findings.UnknownTerms.Count == 0 ? ""
        : $" They do not mention: {string.Join(", ", findings.UnknownTerms.Take(6).Select(ReportFormat.Escape))}.";

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : string.Create(CultureInfo.InvariantCulture, $"{count} {noun}s");
}
