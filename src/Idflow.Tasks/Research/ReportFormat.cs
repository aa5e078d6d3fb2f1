using System.Text;
using System.Text.RegularExpressions;

namespace Idflow.Tasks.Research;

/// <summary>A quotation as a report shows it: <c>- “…” [1]</c>.</summary>
internal sealed record ReportedQuote(string Section, string Quote, int Citation);

/// <summary>A numbered source as a report lists it: <c>1. [Title](url)</c>.</summary>
internal sealed record ReportedSource(int Id, string Title, string Url);

/// <summary>The Markdown of quotations, citations and source lists, written and read in one place, so that later stages can check it.</summary>
internal static partial class ReportFormat
{
    public const string SourcesHeading = "## Sources";

    public static string Quote(string quote, string attribution, int citation) =>
        $"- “{Escape(OneLine(quote))}” — {Escape(OneLine(attribution))} [{citation}]";

    public static string SourceList(IEnumerable<ReportedSource> sources)
    {
        var text = new StringBuilder(SourcesHeading).Append("\n\n");
        foreach (var source in sources)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{source.Id}. [{Escape(OneLine(source.Title))}](<{source.Url.Replace("<", "%3C", StringComparison.Ordinal).Replace(">", "%3E", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)}>)\n");
        }

        return text.ToString();
    }

    /// <summary>The quotations of a report, with the heading above each.</summary>
    public static List<ReportedQuote> ReadQuotes(string report)
    {
        List<ReportedQuote> quotes = [];
        var section = "";
        foreach (var line in report.Split('\n'))
        {
            if (line.StartsWith('#'))
            {
                section = Unescape(line.TrimStart('#').Trim());
            }
            else if (QuoteLine().Match(line) is { Success: true } match)
            {
                quotes.Add(new(section, Unescape(match.Groups["quote"].Value), int.Parse(match.Groups["id"].Value, System.Globalization.CultureInfo.InvariantCulture)));
            }
        }

        return quotes;
    }

    public static List<ReportedSource> ReadSources(string report)
    {
        var start = report.LastIndexOf(SourcesHeading, StringComparison.Ordinal);
        return start < 0 ? [] : [.. SourceLine().Matches(report, start).Select(match => new ReportedSource(
            int.Parse(match.Groups["id"].Value, System.Globalization.CultureInfo.InvariantCulture), Unescape(match.Groups["title"].Value), match.Groups["url"].Value))];
    }

    public static string Escape(string text) => Special().Replace(text, @"\$0");

    public static string Unescape(string text) => Escaped().Replace(text, "$1");

    public static string OneLine(string text) => WhiteSpace().Replace(text, " ").Trim();

    [GeneratedRegex(@"^- “(?<quote>.+)” — .* \[(?<id>\d{1,6})\]$")]
    private static partial Regex QuoteLine();

    [GeneratedRegex(@"^(?<id>\d{1,6})\. \[(?<title>(?:\\.|[^\]\\])*)\]\(<(?<url>[^>\n]*)>\)", RegexOptions.Multiline)]
    private static partial Regex SourceLine();

    [GeneratedRegex(@"[\\`*_\[\]<#|~]")]
    private static partial Regex Special();

    [GeneratedRegex(@"\\([\\`*_\[\]<#|~])")]
    private static partial Regex Escaped();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
