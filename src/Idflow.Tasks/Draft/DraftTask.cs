using System.Globalization;
using Idflow.Documents;
using Idflow.Documents.Model;
using Idflow.Tasks.Llm;
using Idflow.Tasks.Research;
using Idflow.Tasks.Text;
using Idflow.Workers;

namespace Idflow.Tasks.Draft;

/// <summary>The built-in task <c>create_blog_post_draft</c>.</summary>
internal sealed class DraftTask(IDocumentStore? documents, LlmDraft llm, string? defaultProvider, TimeProvider time)
{
    private const int WordsPerMinute = 230;

    /// <summary>Writes the draft of a blog post from research, with numbered citations; without a model from quotations alone.</summary>
    [WorkerTask("create_blog_post_draft", Concurrency = 2, TimeoutSeconds = 1800)]
    public async Task<DraftOutput> DraftAsync([TaskInput(Whole = true)] DraftInput input, TaskContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        var docId = string.IsNullOrWhiteSpace(input.DocId) ? throw TaskFailedException.Terminal("Input 'docId' is missing; it must be text.") : input.DocId;
        var target = input.TargetLength ?? 1500;
        if (target is < 100 or > 10_000)
        {
            throw TaskFailedException.Terminal($"Input 'target_length' is {target}; it must be from 100 to 10,000 words.");
        }

        var material = await new MaterialReader(documents).ReadAsync(input.ResearchData, context.CancellationToken);
        if (material.Facts.Count == 0)
        {
            throw TaskFailedException.Terminal($"Input 'research_data' holds no usable facts: {string.Join("; ", material.Empty)}.");
        }

        context.Log(string.Create(CultureInfo.InvariantCulture, $"create_blog_post_draft: {material.Facts.Count} facts from {material.Sources.Count} sources"));
        var language = input.Language is { } given ? StopWords.CodeOf(given) ?? given : StopWords.Detect(string.Join(' ', material.Facts.Take(20).Select(fact => fact.Quote)));
        var sections = OutlineBuilder.Build(material, target, language);
        var citations = new Citations(material);
        var document = await DocumentAsync(docId, context.CancellationToken);
        var topic = document?.Properties.TryGetValue("title", out var own) == true && own is string { Length: > 0 } name ? name : material.Queries.FirstOrDefault() ?? material.Sources[material.Facts[0].Source].Title;
        List<string> warnings = [.. material.Empty.Select(empty => $"No facts from {empty}.")];
        var provider = input.LlmProvider ?? defaultProvider;
        var withModel = provider is not null && !provider.Equals("none", StringComparison.OrdinalIgnoreCase);
        if (!withModel)
        {
            warnings.Add("No language model is configured: the draft is an outline with quotations.");
            return Finish(input, docId, document, topic, material, citations, ExtractiveDraft.Write(material, sections, citations, target), new("extractive", null, new(0, null, 0)), target, language, warnings);
        }

        try
        {
            var (body, title, written) = await llm.WriteAsync(new(input, provider!, topic, target, language), material, sections, citations, warnings, context);
            return Finish(input, docId, document, title, material, citations, body, written, target, language, warnings);
        }
        catch (LlmException error)
        {
            throw error.ToTaskFailure();
        }
    }

    private async Task<Document?> DocumentAsync(string docId, CancellationToken cancellationToken)
    {
        try
        {
            return documents is null ? null : await documents.GetAsync(await documents.ResolveIdAsync(docId, cancellationToken), cancellationToken);
        }
        catch (DocumentException error)
        {
            throw TaskFailedException.Terminal($"Input 'docId': {error.Message}", error);
        }
    }

    private DraftOutput Finish(DraftInput input, string docId, Document? document, string topic, Material material, Citations citations, DraftBody body, WrittenBy written, int target, string language, List<string> warnings)
    {
        var title = Titles.Title(topic);
        List<string> headings = [.. body.Outline.Select(section => section.Heading)];
        var text = $"# {ReportFormat.Escape(title)}\n\n{body.Markdown}\n";
        var words = ExtractiveDraft.CountWords(text);
        if (words < target * 0.85)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"The material gives {words} of the {target} words asked for; the draft was not padded."));
        }

        var content = $"{text}\n{ReportFormat.SourceList(citations.Listed())}";
        warnings.AddRange(MarkdownChecks.Check(content, citations.Listed().Count()));
        return new()
        {
            DocId = docId,
            Title = title,
            Content = content,
            Metadata = new()
            {
                CreatedAt = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                Style = input.Style ?? "professional",
                TargetLength = target,
                ActualLength = words,
                Slug = Titles.Slug(title),
                Description = Titles.Description(title, headings, citations.Listed().Count()),
                Tags = Draft.Tags.Choose(input.Keywords, TagsOf(document), headings, text, document?.Body ?? "", language),
                Language = language,
                ReadingMinutes = Math.Max(1, (int)Math.Round((double)words / WordsPerMinute)),
                Method = written.Method,
                Model = written.Model,
            },
            ResearchSources = citations.All(),
            Outline = body.Outline,
            KeyPoints = [.. body.Outline.Select(section => section.Points.Count > 0 ? section.Points[0] : null).OfType<string>().Take(10)],
            Claims = body.Claims,
            Warnings = warnings,
            Usage = written.Usage,
        };
    }

    private static IEnumerable<string> TagsOf(Document? document) =>
        document?.Properties.TryGetValue("tags", out var value) == true && value is IEnumerable<object?> tags ? tags.OfType<string>() : [];
}

/// <summary>How a draft was written.</summary>
internal sealed record WrittenBy(string Method, string? Model, DraftUsage Usage);
