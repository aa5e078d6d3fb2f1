using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Idflow.Tasks.Llm;
using Idflow.Tasks.Research;
using Idflow.Tasks.Retrieval;
using Idflow.Workers;

namespace Idflow.Tasks.Draft;

/// <summary>What a draft through a model is asked for.</summary>
internal sealed record DraftOrder(DraftInput Input, string Provider, string Topic, int Target, string Language);

/// <summary>
/// Writes a draft section by section through a language model: each section sees its own facts only and may cite only their
/// numbers; then introduction and ending. Citations that name none of its facts are taken out, quotations that no source holds
/// lose their marks, and each cited sentence is compared with its facts.
/// </summary>
internal sealed partial class LlmDraft(LlmGateway gateway, PromptLibrary prompts)
{
    public const string DefaultPrompt = "create_blog_post_draft";
    private const int Revisions = 2;
    private const double Tolerance = 0.15;

    /// <summary>Share of a sentence's terms that its facts must hold for the claim to count as verified, or partial.</summary>
    private const double Verified = 0.5, Partial = 0.3;

    private static readonly Dictionary<string, string> Styles = new(StringComparer.OrdinalIgnoreCase)
    {
        ["professional"] = "clear and factual, for a general business reader",
        ["casual"] = "friendly and plain, as one would tell a colleague",
        ["technical"] = "precise and concrete, for readers who know the field",
    };

    /// <exception cref="LlmException">The model gives no usable answer.</exception>
    public async Task<(DraftBody Body, string Title, WrittenBy Written)> WriteAsync(DraftOrder order, Material material, IReadOnlyList<Section> sections, Citations citations, List<string> warnings, TaskContext context)
    {
        var (provider, model) = gateway.Resolve(order.Provider, order.Input.Model);
        var session = new Session(gateway, new() { Provider = provider, Model = model, Prompt = "", Temperature = order.Input.Temperature }, context);
        var template = prompts.Get(order.Input.PromptTemplate ?? DefaultPrompt, key: "prompt_template");
        var style = Styles.GetValueOrDefault(order.Input.Style ?? "professional") ?? prompts.Get(order.Input.Style!, key: "style");
        var text = new StringBuilder();
        List<ResearchClaim> claims = [];
        List<OutlineEntry> outline = [];
        foreach (var section in sections)
        {
            var facts = Facts(section, citations);
            var written = await WriteSectionAsync(session, template, order, style, section, facts);
            written = Clean(written, section, material, citations, warnings);
            claims.AddRange(ClaimsOf(written, section, citations, order.Language));
            outline.Add(new(section.Heading, 2, [.. section.Facts.Select(fact => fact.Quote).Take(10)], section.Words));
            text.Append("## ").Append(section.Heading).Append("\n\n").Append(written).Append("\n\n");
        }

        var frame = Math.Max(40, (order.Target - sections.Sum(section => section.Words)) / 2);
        var introduction = Plain(await session.AskAsync($"Write the introduction, about {frame} words, of a blog post in the language '{order.Language}', style: {style}. Topic: {order.Topic}. Its sections are: {string.Join("; ", sections.Select(section => section.Heading))}. Say what the post is about. State no facts that need a source, give no heading, no citations."));
        var ending = Plain(await session.AskAsync($"Write a closing paragraph, about {frame} words, for the blog post below, in its language. Add no new facts, no heading, no citations.\n\n<post>\n{text}\n</post>"));
        var title = Plain(await session.AskAsync($"Give one title of 30 to 70 characters for a blog post on: {order.Topic}. Language: {order.Language}. Answer with the title alone.")).Trim('"', '“', '”', '#', ' ');
        var body = $"{introduction}\n\n{text}## In short\n\n{ending}";
        return (new(body.Trim(), claims, outline), title.Length is > 5 and < 200 ? title : order.Topic, new("llm", session.Model, session.Usage));
    }

    private static async Task<string> WriteSectionAsync(Session session, string template, DraftOrder order, string style, Section section, string facts)
    {
        var prompt = PromptTemplate.Render(template, new()
        {
            ["topic"] = order.Topic,
            ["heading"] = section.Heading,
            ["facts"] = facts,
            ["words"] = Math.Max(40, section.Words),
            ["style"] = style,
            ["language"] = order.Language,
            ["audience"] = order.Input.Audience ?? "general readers",
            ["keywords"] = string.Join(", ", order.Input.Keywords ?? []),
        });
        var text = await session.AskAsync(prompt);
        for (var revision = 0; revision < Revisions; revision++)
        {
            var words = ExtractiveDraft.CountWords(text);
            if (words <= section.Words * (1 + Tolerance) || section.Words < 40)
            {
                break;
            }

            // Only too long is mended: more words than the facts give would be padding.
            text = await session.AskAsync($"{prompt}\n\nYour text has {words} words; shorten it to about {section.Words} and keep the citations.\n\n<text>\n{text}\n</text>");
        }

        return text;
    }

    private static string Facts(Section section, Citations citations) => string.Join('\n', section.Facts.Select(fact => $"[{citations.NumberOf(fact.Source)}] \"{fact.Quote}\""));

    private static string Clean(string written, Section section, Material material, Citations citations, List<string> warnings)
    {
        var allowed = section.Facts.Select(fact => citations.NumberOf(fact.Source)).ToHashSet();
        var invented = 0;
        var text = MarkdownChecks.Citation().Replace(Plain(written), match =>
        {
            var known = allowed.Contains(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
            invented += known ? 0 : 1;
            return known ? match.Value : "";
        });
        var texts = section.Facts.Select(fact => fact.Source).Distinct().Select(source => new QuoteVerifier(material.Sources[source].Text ?? string.Join('\n', section.Facts.Where(fact => fact.Source == source).Select(fact => fact.Quote)))).ToList();
        text = Quotation().Replace(text, match =>
        {
            var quote = match.Groups[1].Value;
            if (quote.Length < 20 || texts.Any(source => source.Check(quote) != QuoteStatus.Unsupported))
            {
                return match.Value;
            }

            invented++;
            return quote;
        });
        if (invented > 0)
        {
            warnings.Add($"Section '{section.Heading}': {invented} citation(s) or quotation(s) that no source holds were taken out.");
        }

        return text;
    }

    private static IEnumerable<ResearchClaim> ClaimsOf(string text, Section section, Citations citations, string language)
    {
        var terms = new SearchTerms(language);
        foreach (var sentence in Text.SentenceSplitter.Split(text).Select(span => span.In(text)))
        {
            var cited = MarkdownChecks.Citation().Matches(sentence).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Distinct().ToList();
            if (cited.Count == 0)
            {
                continue;
            }

            var own = terms.Of(MarkdownChecks.Citation().Replace(sentence, "")).Distinct(StringComparer.Ordinal).ToList();
            var (fact, share) = section.Facts.Where(fact => cited.Contains(citations.NumberOf(fact.Source)))
                .Select(fact => (fact, own.Count == 0 ? 0 : (double)own.Count(terms.Of(fact.Quote).ToHashSet(StringComparer.Ordinal).Contains) / own.Count)).MaxBy(entry => entry.Item2);
            yield return new(sentence, cited, fact.Quote, share >= Verified ? Claims.VerifiedStatus : share >= Partial ? Claims.Partial : Claims.Unsupported);
        }
    }

    /// <summary>The answer without headings and fences around it.</summary>
    private static string Plain(string text) => HeadingLine().Replace(text.Trim().Trim('`'), "").Trim();

    [GeneratedRegex(@"^\s{0,3}#{1,6}\s.*$\n?", RegexOptions.Multiline)]
    private static partial Regex HeadingLine();

    [GeneratedRegex("[“\"]([^“”\"\n]{3,600})[”\"]")]
    private static partial Regex Quotation();

    /// <summary>The calls of one draft and what they took.</summary>
    private sealed class Session(LlmGateway gateway, ChatRequest form, TaskContext context)
    {
        private long _tokens;
        private double? _cost = 0;
        private int _requests;

        public string Model { get; private set; } = form.Model;

        public DraftUsage Usage => new(_tokens, _cost, _requests);

        public async Task<string> AskAsync(string prompt)
        {
            var answer = await gateway.AskAsync(form with { Prompt = prompt }, CacheScope.Run, $"{context.WorkflowId}/{context.ReferenceName}", refresh: false, [], context.CancellationToken);
            _tokens += (answer.Answer.PromptTokens ?? 0) + (answer.Answer.CompletionTokens ?? 0);
            _cost += answer.CostUsd;
            _requests += answer.Requests;
            Model = answer.Answer.Model;
            return answer.Answer.Text;
        }
    }
}
