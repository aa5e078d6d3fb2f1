using System.Diagnostics;
using Idflow.Tasks.Embeddings;
using Idflow.Tasks.Research;

namespace Idflow.Benchmarks.Research;

/// <summary>
/// Research without a language model: the time of one question over the demonstration's addresses with no vectors kept, and, given a
/// folder of texts and a file of questions, how many of the files that an answer needs are found.
/// </summary>
internal sealed class ResearchSuite : ISuite
{
    private const string DemoQuestion = "How did the young republic deal with the pirates of North Africa from Washington to Madison, by treaty money or by warships?";

    public string Name => "research";

    public string Summary => "one question over --corpus DIR (default: the demonstration's addresses); with --questions FILE the recall of needed files; --vectors 0 ranks by words alone";

    public async Task<bool> RunAsync(SuiteOptions options, Report report)
    {
        using var models = new EmbedderSource([Path.Combine(AppContext.BaseDirectory, "models")], TimeProvider.System);
        var model = options.Number("vectors", 1) == 1 ? models.Find(EmbedderSource.DefaultModel) : null;
        var corpus = options.Text("corpus") ?? Path.Combine(AppContext.BaseDirectory, "addresses");
        report.Heading($"research over {corpus}");
        await report.MeasureAsync("one question, basic, no vectors kept", options.Number("runs", 3), options.Text("corpus") is null ? 3000 : null, () =>
        {
            Run(DemoQuestion, new PassageIndex(Corpus.Read(corpus), "en"), model);
            return Task.CompletedTask;
        });
        if (options.Text("questions") is { } questions)
        {
            Evaluate(Corpus.Read(corpus), Question.Read(questions), model, report);
        }

        return report.AllTargetsMet;
    }

    private static Findings Run(string query, PassageIndex index, ITextEmbedder? model)
    {
        var settings = ResearchSettings.From(new() { Query = query, DocId = "bench" }, projectOffline: true);
        return new ExtractiveResearch(index, model, settings).Run(QueryPlanner.Plan(query, settings.SubQueries, settings.Language), () => false, CancellationToken.None);
    }

    private static void Evaluate(IReadOnlyList<SourceText> sources, IReadOnlyList<Question> questions, ITextEmbedder? model, Report report)
    {
        var clock = Stopwatch.StartNew();
        var index = new PassageIndex(sources, "en");
        report.Value($"index of {index.Passages.Count} passages", clock.Elapsed.TotalMilliseconds, "ms", null);
        List<(Question Question, double AtFive, double AtTen, double Confidence)> rows = [];
        foreach (var question in questions)
        {
            clock.Restart();
            var findings = Run(question.Text, index, model);
            var files = findings.SourceOrder.Select(source => sources[source].Url).ToList();
            var cited = new CitedSources(sources);
            var claims = ClaimBuilder.FromEvidence(findings, cited, verify: true);
            var confidence = Support.Confidence(claims.Verified, claims.All.Count, cited.Positions.Count, [.. findings.Parts.Select(part => part.Support)]);
            rows.Add((question, question.Recall(files.Take(5)), question.Recall(files.Take(10)), confidence));
            report.Note($"{question.Id} {question.Kind,-14} files@5 {rows[^1].AtFive:0.00} files@10 {rows[^1].AtTen:0.00} confidence {confidence:0.00} {clock.ElapsedMilliseconds} ms");
        }

        var scored = rows.Where(row => row.Question.MustFiles.Count > 0).ToList();
        report.Note($"mean over {scored.Count}: files@5 {scored.Average(row => row.AtFive):0.000} files@10 {scored.Average(row => row.AtTen):0.000} confidence {scored.Average(row => row.Confidence):0.00}");
        report.Note($"mean confidence of the {rows.Count - scored.Count} without an answer: {rows.Except(scored).Select(row => row.Confidence).DefaultIfEmpty().Average():0.00}");
    }
}
