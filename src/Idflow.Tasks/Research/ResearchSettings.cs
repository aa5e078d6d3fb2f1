using System.Text.Json.Nodes;
using Idflow.Tasks.Embeddings;
using Idflow.Tasks.Text;
using Idflow.Workers;

namespace Idflow.Tasks.Research;

/// <summary>Limits of one research; reaching one ends it with what is there.</summary>
internal sealed record ResearchBudget(double Seconds, int Pages, long Tokens, double? CostUsd);

/// <summary>The checked input of a research, defaults filled in. <c>Candidates</c> passages get a vector for the question itself, <c>SubCandidates</c> for each sub-query.</summary>
internal sealed record ResearchSettings(
    string Query, string DocId, string Depth, string ReportType, string Sources, int MaxResults, int SubQueries, int Rounds, int QuotesPerQuery, int Candidates, int SubCandidates,
    string Language, string Tone, int TotalWords, bool Verify, string EmbeddingModel, ResearchBudget Budget, bool Offline)
{
    private static readonly string[] Depths = ["basic", "intermediate", "advanced"];
    private static readonly string[] Types = ["research_report", "detailed", "outline", "resource", "custom", "deep"];

    /// <exception cref="TaskFailedException">A required key is missing or a value is not known.</exception>
    public static ResearchSettings From(ResearchInput input, bool projectOffline)
    {
        var query = Required("query", input.Query);
        var depth = Choice("research_depth", input.ResearchDepth ?? "basic", Depths);
        var level = Array.IndexOf(Depths, depth);
        var verify = Choice("verify", input.Verify ?? "quotes", ["quotes", "off"]);
        Choice("citation_style", input.CitationStyle ?? "numbered", ["numbered"]);
        int[] pages = [15, 40, 120];
        long[] tokens = [60_000, 200_000, 800_000];
        double[] seconds = [120, 300, 900];
        var budget = new ResearchBudget(
            Number(input.Budget, "seconds") ?? seconds[level], (int)(Number(input.Budget, "pages") ?? pages[level]), (long)(Number(input.Budget, "tokens") ?? tokens[level]), Number(input.Budget, "cost_usd"));
        return new(
            query, Required("docId", input.DocId), depth, Choice("report_type", input.ReportType ?? "research_report", Types), Choice("sources", input.Sources ?? "web", ["web", "local", "hybrid", "static"]),
            InRange("max_results", input.MaxResults ?? 5, 1, 20), level == 1 ? 5 : 3, level == 0 ? 1 : 2, level == 0 ? 3 : 4, level == 0 ? 20 : 48, level == 0 ? 6 : 12,
            input.Language is { } language ? StopWords.CodeOf(language) ?? language : StopWords.Detect(query), input.Tone ?? "objective", InRange("total_words", input.TotalWords ?? 1200, 100, 10_000),
            verify == "quotes", input.EmbeddingModel ?? EmbedderSource.DefaultModel, budget, projectOffline || input.Offline == true);
    }

    private static string Required(string key, string? value) =>
        string.IsNullOrWhiteSpace(value) ? throw TaskFailedException.Terminal($"Input '{key}' is missing; it must be text.") : value.Trim();

    private static string Choice(string key, string value, string[] allowed) => allowed.Contains(value.ToLowerInvariant())
        ? value.ToLowerInvariant()
        : throw TaskFailedException.Terminal($"Input '{key}' is {value}; it must be one of {string.Join(", ", allowed)}.");

    private static int InRange(string key, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw TaskFailedException.Terminal($"Input '{key}' is {value}; it must be from {least} to {most}.");

    private static double? Number(JsonObject? budget, string key)
    {
        if (budget?[key] is not { } node)
        {
            return null;
        }

        return double.TryParse(node.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw TaskFailedException.Terminal($"Input 'budget.{key}' is {node}; it must be a number above 0.");
    }
}
