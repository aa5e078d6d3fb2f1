using Idflow.Tasks.Research.Sources;
using Idflow.Workers;

namespace Idflow.Tasks.Research;

/// <summary>The course of one research: its steps, warnings, counters and budget.</summary>
internal sealed class ResearchRun(ResearchSettings settings, TimeProvider time, TaskContext context)
{
    private readonly long _started = time.GetTimestamp();
    private readonly List<ResearchStep> _steps = [];
    private readonly List<string> _warnings = [];

    /// <summary>Above this, the texts of cited sources are kept as the cited passages only, so that the output stays small.</summary>
    public const int MostFileCharacters = 1_500_000;

    public long Tokens { get; set; }

    public double? CostUsd { get; set; }

    public int Requests { get; set; }

    public int Pages { get; set; }

    /// <summary>The first limit that was reached, or null.</summary>
    public string? StoppedBy { get; private set; }

    public double Seconds => time.GetElapsedTime(_started).TotalSeconds;

    public void Step(string name, string detail)
    {
        _steps.Add(new(name, detail));
        context.Log($"gpt_researcher {name}: {detail}");
    }

    public void Warn(string text)
    {
        _warnings.Add(text);
        context.Log($"gpt_researcher: {text}");
    }

    public bool OutOfTime() => Reached("time", Seconds > settings.Budget.Seconds);

    public bool OutOfPages() => Reached("pages", Pages >= settings.Budget.Pages);

    public bool OutOfTokens() => Reached("tokens", Tokens >= settings.Budget.Tokens) || Reached("cost", CostUsd >= settings.Budget.CostUsd);

    public ResearchOutput Output(SourceSet set, Findings findings, CitedSources cited, Claims claims, string summary, string report, string method)
    {
        var origins = cited.Positions.Select(position => set.Texts[position].Origin).Distinct(StringComparer.Ordinal).Count();
        return new()
        {
            Query = settings.Query,
            DocId = settings.DocId,
            Method = method,
            Depth = settings.Depth,
            Results = [.. findings.SourceOrder.Select(source => Result(source, set, findings, claims, cited))],
            Summary = summary,
            ConfidenceScore = Support.Confidence(claims.Verified, claims.All.Count, origins, [.. findings.Parts.Select(part => part.Support)]),
            Timestamp = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            Report = report,
            Sources = [.. cited.Positions.Select(source => Source(source, set, cited))],
            Claims = claims.All,
            CitationPrecision = claims.Precision,
            SubQueries = [.. findings.Parts.Select((part, index) => new SubQuery(part.Query, part.Heading, part.Answered, Math.Round(part.Support, 4), claims.ByPart[index]))],
            Steps = _steps,
            Usage = new(Tokens, CostUsd, Requests, Pages, Math.Round(Seconds, 3)),
            StoppedBy = StoppedBy ?? "done",
            Conflicts = [],
            Skipped = set.Skipped,
            Warnings = _warnings,
            Files = Files(set, cited, findings),
        };
    }

    private bool Reached(string limit, bool reached)
    {
        if (reached)
        {
            StoppedBy ??= limit;
        }

        return reached;
    }

    private static ResearchResult Result(int source, SourceSet set, Findings findings, Claims claims, CitedSources cited)
    {
        List<string> points = cited.IsCited(source) ? [.. claims.All.Where(claim => claim.Citations.Contains(cited.NumberOf(source))).Select(claim => claim.Quote)] : [];
        var passage = findings.Parts.SelectMany(part => part.Passages).FirstOrDefault(found => found.Passage.Source == source)?.Passage;
        var summary = points.Count > 0 ? points[0] : passage is null ? "" : ReportFormat.OneLine(passage.Sentences[0].In(set.Texts[source].Text));
        return new()
        {
            Title = set.Texts[source].Title,
            Summary = summary,
            Source = set.Texts[source].Url,
            RelevanceScore = findings.Relevance[source],
            KeyPoints = points,
        };
    }

    private static ResearchSource Source(int source, SourceSet set, CitedSources cited)
    {
        var text = set.Texts[source];
        return new(cited.NumberOf(source), text.Url, text.Title, text.Accessed?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture), text.Published, text.Sha256, Cited: true);
    }

    private static List<ResearchFile> Files(SourceSet set, CitedSources cited, Findings findings)
    {
        var left = MostFileCharacters;
        List<ResearchFile> files = [];
        foreach (var position in cited.Positions)
        {
            var source = Source(position, set, cited);
            var text = set.Texts[position].Text;
            var excerpt = text.Length > left;
            var body = excerpt ? Excerpt(position, text, findings) : text;
            left -= body.Length;
            files.Add(new($"sources/{source.Id}", source.Title, source.Url, source.Sha256, source.Accessed, excerpt, body));
        }

        return files;
    }

    private static string Excerpt(int source, string text, Findings findings) => string.Join("\n\n", findings.Parts.SelectMany(part => part.Passages)
        .Where(found => found.Passage.Source == source).Select(found => found.Passage.Span).Distinct().OrderBy(span => span.Start).Select(span => span.In(text)));
}
