using System.Globalization;
using Idflow.Tasks.Embeddings;
using Idflow.Tasks.Research.Sources;
using Idflow.Workers;

namespace Idflow.Tasks.Research;

/// <summary>The built-in task <c>gpt_researcher</c>.</summary>
internal sealed class ResearchTask(LocalSources local, Func<string, ITextEmbedder?> findEmbedder, bool offline, TimeProvider time)
{
    /// <summary>Researches a question in the project's documents, given pages or the web, and reports with citations that were looked up.</summary>
    [WorkerTask("gpt_researcher", Concurrency = 2, TimeoutSeconds = 1800)]
    public async Task<ResearchOutput> ResearchAsync([TaskInput(Whole = true)] ResearchInput input, TaskContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        var settings = ResearchSettings.From(input, offline);
        var run = new ResearchRun(settings, time, context);
        var embedder = FindEmbedder(settings, run);
        var plan = QueryPlanner.Plan(settings.Query, settings.SubQueries, settings.Language);
        run.Step("plan", string.Join(" | ", plan));
        var set = await GatherAsync(input, settings, plan, run, context.CancellationToken);
        run.Step("gather", string.Create(CultureInfo.InvariantCulture, $"{set.Texts.Count} texts from {set.Description}, {set.Skipped.Count} left out"));
        var findings = await Task.Run(() => new ExtractiveResearch(new PassageIndex(set.Texts, settings.Language), embedder, settings).Run(plan, run.OutOfTime, context.CancellationToken), context.CancellationToken);
        run.Step("rank", string.Create(CultureInfo.InvariantCulture, $"{findings.Passages} passages by BM25, {findings.VectorCount} with vectors"));
        return Report(settings, set, findings, run);
    }

    private async Task<SourceSet> GatherAsync(ResearchInput input, ResearchSettings settings, IReadOnlyList<string> plan, ResearchRun run, CancellationToken cancellationToken)
    {
        _ = (plan, run);
        return await local.GatherAsync(settings.DocId, settings.Query, input.DocsPath, cancellationToken);
    }

    private ITextEmbedder? FindEmbedder(ResearchSettings settings, ResearchRun run)
    {
        if (settings.EmbeddingModel.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            var embedder = findEmbedder(settings.EmbeddingModel);
            if (embedder is null)
            {
                run.Warn($"No model folder named '{settings.EmbeddingModel}': passages are ranked by their words alone.");
            }

            return embedder;
        }
        catch (ModelException error)
        {
            throw TaskFailedException.Terminal(error.Message, error);
        }
    }

    private static ResearchOutput Report(ResearchSettings settings, SourceSet set, Findings findings, ResearchRun run)
    {
        var cited = new CitedSources(set.Texts);
        var report = ExtractiveReport.Write(settings, findings, cited);
        var claims = ClaimBuilder.FromEvidence(findings, cited, settings.Verify);
        run.Step("verify", string.Create(CultureInfo.InvariantCulture, $"{claims.Verified} of {claims.All.Count} quotations found in their source"));
        return run.Output(set, findings, cited, claims, ExtractiveReport.Summary(findings, cited), report, "extractive");
    }
}
