using System.Globalization;
using Idflow.Tasks.Embeddings;
using Idflow.Tasks.Llm;
using Idflow.Tasks.Research.Sources;
using Idflow.Workers;

namespace Idflow.Tasks.Research;

/// <summary>The built-in task <c>gpt_researcher</c>.</summary>
internal sealed class ResearchTask(LocalSources local, WebSources web, Func<bool, LlmGateway> gateways, string? defaultProvider, Func<string, ITextEmbedder?> findEmbedder, bool offline, TimeProvider time)
{
    /// <summary>Researches a question in the project's documents, given pages or the web, and reports with citations that were looked up.</summary>
    [WorkerTask("gpt_researcher", Concurrency = 2, RetryDelaySeconds = 5, TimeoutSeconds = 1800)]
    public async Task<ResearchOutput> ResearchAsync([TaskInput(Whole = true)] ResearchInput input, TaskContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        var settings = ResearchSettings.From(input, offline);
        var run = new ResearchRun(settings, time, context);
        try
        {
            return await ResearchAsync(input, settings, run, context);
        }
        catch (LlmException error)
        {
            throw error.ToTaskFailure();
        }
    }

    private async Task<ResearchOutput> ResearchAsync(ResearchInput input, ResearchSettings settings, ResearchRun run, TaskContext context)
    {
        var embedder = FindEmbedder(settings, run);
        var model = Model(input, settings, run, context);
        var plan = (IReadOnlyList<PlannedQuery>)QueryPlanner.Plan(settings.Query, settings.SubQueries, settings.Language);
        plan = model is null ? plan : await model.PlanAsync(plan);
        run.Step("plan", string.Join(" | ", plan.Select(part => part.Query)));
        var set = await GatherAsync(input, settings, plan, run, context.CancellationToken);
        run.Step("gather", string.Create(CultureInfo.InvariantCulture, $"{set.Texts.Count} texts from {set.Description}, {set.Skipped.Count} left out"));
        var findings = await Task.Run(() => new ExtractiveResearch(new PassageIndex(set.Texts, settings.Language), embedder, settings).Run(plan, run.OutOfTime, context.CancellationToken), context.CancellationToken);
        run.Step("rank", string.Create(CultureInfo.InvariantCulture, $"{findings.Passages} passages by BM25, {findings.VectorCount} with vectors"));
        var cited = new CitedSources(set.Texts);
        if (model is not null && set.Texts.Count > 0 && await model.WriteAsync(set.Texts, findings, cited) is { } written)
        {
            run.Step("write", "by the model, from verified claims");
            return run.Output(set, findings, cited, written.Claims, written.Summary, written.Markdown, "llm");
        }

        return Extractive(settings, set, findings, cited, run);
    }

    private static ResearchOutput Extractive(ResearchSettings settings, SourceSet set, Findings findings, CitedSources cited, ResearchRun run)
    {
        var report = ExtractiveReport.Write(settings, findings, cited);
        var claims = ClaimBuilder.FromEvidence(findings, cited, settings.Verify);
        run.Step("verify", string.Create(CultureInfo.InvariantCulture, $"{claims.Verified} of {claims.All.Count} quotations found in their source"));
        return run.Output(set, findings, cited, claims, ExtractiveReport.Summary(findings, cited), report, "extractive");
    }

    private async Task<SourceSet> GatherAsync(ResearchInput input, ResearchSettings settings, IReadOnlyList<PlannedQuery> plan, ResearchRun run, CancellationToken cancellationToken)
    {
        if (settings.Sources == "local")
        {
            return await local.GatherAsync(settings.DocId, settings.Query, input.DocsPath, cancellationToken);
        }

        if (settings.Sources == "static")
        {
            return input.SourceUrls is { Count: > 0 } urls
                ? await web.ReadAsync(urls, settings, "the given addresses", run, cancellationToken)
                : throw TaskFailedException.Terminal("Input 'sources' is static, but 'source_urls' is missing; give the addresses to read.");
        }

        var order = new WebOrder([.. plan.Select(part => part.Search).Prepend(settings.Query).Distinct(StringComparer.OrdinalIgnoreCase)], settings.MaxResults, input.Providers, input.IncludeDomains, input.ExcludeDomains, input.TimeRange, settings.DocId);
        if (settings.Sources == "web")
        {
            return await web.SearchAsync(order, run, settings, cancellationToken);
        }

        var own = await local.GatherAsync(settings.DocId, settings.Query, input.DocsPath, cancellationToken);
        try
        {
            return own.With(await web.SearchAsync(order, run, settings, cancellationToken));
        }
        catch (TaskFailedException error) when (!error.Retryable && own.Texts.Count > 0)
        {
            run.Warn($"Only local sources were used. {error.Message}");
            return own;
        }
    }

    private LlmResearch? Model(ResearchInput input, ResearchSettings settings, ResearchRun run, TaskContext context)
    {
        var name = input.LlmProvider ?? defaultProvider;
        if (name is null || name.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var gateway = gateways(settings.Offline);
        var (provider, model) = gateway.Resolve(name, input.Model ?? input.SmartModel ?? input.FastModel);
        return new(gateway, provider, input.FastModel ?? model, input.SmartModel ?? model, settings, run, context);
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
}
