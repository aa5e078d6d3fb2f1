using System.Text.Json.Nodes;
using Idflow.Documents;
using Idflow.Documents.Model;
using Idflow.Tasks.Research;
using Idflow.Tasks.Text;
using Idflow.Workers;

namespace Idflow.Tasks.Draft;

/// <summary>Reads facts and sources out of task outputs and out of the results that the stages of documents hold.</summary>
internal sealed class MaterialReader(IDocumentStore? documents)
{
    private const int SentencesPerPage = 12;

    public async Task<Material> ReadAsync(JsonNode? data, CancellationToken cancellationToken)
    {
        var material = new Material();
        switch (data)
        {
            case JsonObject outputs:
                foreach (var (method, output) in LooksLikeOutput(outputs) ? [KeyValuePair.Create("research", (JsonNode?)outputs)] : outputs.AsEnumerable())
                {
                    ReadOutput(material, method, output);
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    await ReadItemAsync(material, item, cancellationToken);
                }

                break;
            case JsonValue value:
                await ReadItemAsync(material, value, cancellationToken);
                break;
            default:
                throw TaskFailedException.Terminal("Input 'research_data' is missing; give the outputs of research tasks by method, or a list of document ids.");
        }

        return material;
    }

    private static bool LooksLikeOutput(JsonObject value) => value.ContainsKey("claims") || value.ContainsKey("results") || value.ContainsKey("content");

    private async Task ReadItemAsync(Material material, JsonNode? item, CancellationToken cancellationToken)
    {
        if (item is JsonObject output)
        {
            ReadOutput(material, "research", output);
            return;
        }

        var id = item?.ToString() ?? "";
        if (documents is null)
        {
            throw TaskFailedException.Terminal($"Input 'research_data' names the document {id}, but there is no document store here; give outputs of tasks.");
        }

        try
        {
            await ReadDocumentAsync(material, await documents.ResolveIdAsync(id, cancellationToken), cancellationToken);
        }
        catch (DocumentException error)
        {
            throw TaskFailedException.Terminal($"Input 'research_data': {error.Message}", error);
        }
    }

    /// <summary>The newest run of each stage that has results.</summary>
    private async Task ReadDocumentAsync(Material material, string id, CancellationToken cancellationToken)
    {
        var found = material.Facts.Count;
        var runs = await documents!.GetStageRunsAsync(id, cancellationToken);
        foreach (var run in runs.Where(run => run.Results.Count > 0).GroupBy(run => run.StageName, StringComparer.Ordinal).Select(group => group.MaxBy(run => run.Counter)!))
        {
            foreach (var name in run.Results.Where(name => !name.Contains('/', StringComparison.Ordinal)))
            {
                if (await documents.GetResultAsync(id, run.StageName, run.Counter, name, cancellationToken) is { } result)
                {
                    ReadReport(material, result, await ReadSourcesAsync(id, run, name + "/sources/", cancellationToken));
                }
            }
        }

        if (material.Facts.Count == found)
        {
            material.Empty.Add($"document {id}: {(runs.Count == 0 ? "no stage has run" : "no result of its stages holds quotations with sources")}");
        }
    }

    /// <summary>The kept texts of a report's sources by number.</summary>
    private async Task<Dictionary<int, StageResult>> ReadSourcesAsync(string id, StageRun run, string prefix, CancellationToken cancellationToken)
    {
        var texts = new Dictionary<int, StageResult>();
        foreach (var name in run.Results.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (int.TryParse(name[prefix.Length..], out var number) && await documents!.GetResultAsync(id, run.StageName, run.Counter, name, cancellationToken) is { } text)
            {
                texts[number] = text;
            }
        }

        return texts;
    }

    private static void ReadReport(Material material, StageResult result, Dictionary<int, StageResult> texts)
    {
        var sources = ReportFormat.ReadSources(result.Body).DistinctBy(source => source.Id).ToDictionary(source => source.Id);
        if (result.Properties.TryGetValue("query", out var query) && query is string { Length: > 0 } text)
        {
            material.Queries.Add(text);
        }

        foreach (var quote in ReportFormat.ReadQuotes(result.Body))
        {
            if (sources.TryGetValue(quote.Citation, out var source))
            {
                var position = material.AddSource("research", source.Title, source.Url, 1, texts.GetValueOrDefault(quote.Citation)?.Body);
                material.AddFact(position, quote.Quote, quote.Section, 1);
            }
        }
    }

    private static void ReadOutput(Material material, string method, JsonNode? output)
    {
        var found = material.Facts.Count;
        if (output is JsonObject map)
        {
            if ((string?)(map["query"] as JsonValue) is { Length: > 0 } query)
            {
                material.Queries.Add(query);
            }

            ReadClaims(material, method, map);
            if (material.Facts.Count == found)
            {
                ReadResults(material, method, map["results"] as JsonArray);
            }

            ReadPages(material, method, map["content"] as JsonArray);
        }

        if (material.Facts.Count == found)
        {
            material.Empty.Add($"{method}: {(output is null ? "no output" : "no claims, results or content with text")}");
        }
    }

    private static void ReadClaims(Material material, string method, JsonObject map)
    {
        var texts = (map["files"] as JsonArray ?? []).OfType<JsonObject>().GroupBy(file => Text(file["url"])).ToDictionary(group => group.Key, group => Text(group.First()["body"]));
        var sources = (map["sources"] as JsonArray ?? []).OfType<JsonObject>().Where(source => source["id"] is not null).GroupBy(source => Text(source["id"])).ToDictionary(group => group.Key, group => group.First());
        var topics = (map["sub_queries"] as JsonArray ?? []).OfType<JsonObject>()
            .SelectMany(part => (part["claims"] as JsonArray ?? []).Select(claim => (Claim: Text(claim), Query: Text(part["heading"] ?? part["query"])))).GroupBy(entry => entry.Claim).ToDictionary(group => group.Key, group => group.First().Query);
        var claims = map["claims"] as JsonArray ?? [];
        for (var index = 0; index < claims.Count; index++)
        {
            if (claims[index] is not JsonObject claim || Text(claim["status"]) == Claims.Unsupported || claim["citations"] is not JsonArray { Count: > 0 } citations || !sources.TryGetValue(Text(citations[0]), out var source))
            {
                continue;
            }

            var url = Text(source["url"]);
            var position = material.AddSource(method, Text(source["title"]), url, 1, texts.GetValueOrDefault(url));
            material.AddFact(position, Text(claim["quote"]), topics.GetValueOrDefault(index.ToString(System.Globalization.CultureInfo.InvariantCulture), ""), 1);
        }
    }

    private static void ReadResults(Material material, string method, JsonArray? results)
    {
        foreach (var result in (results ?? []).OfType<JsonObject>())
        {
            var url = Text(result["url"]) is { Length: > 0 } address ? address : Text(result["source"]);
            var points = (result["key_points"] as JsonArray ?? []).Select(Text).DefaultIfEmpty(Text(result["snippet"]) is { Length: > 0 } snippet ? snippet : Text(result["summary"]));
            foreach (var point in points.Where(point => point.Length > 0 && url.Length > 0))
            {
                var relevance = double.TryParse(Text(result["relevance_score"]), System.Globalization.CultureInfo.InvariantCulture, out var score) ? score : 0.5;
                material.AddFact(material.AddSource(method, Text(result["title"]), url, relevance, null), point, "", relevance);
            }
        }
    }

    private static void ReadPages(Material material, string method, JsonArray? pages)
    {
        foreach (var page in (pages ?? []).OfType<JsonObject>())
        {
            var text = UntrustedText.Clean(Text(page["content"]));
            if (text.Length == 0 || Text(page["url"]).Length == 0)
            {
                continue;
            }

            var position = material.AddSource(method, Text(page["title"]), Text(page["url"]), 0.5, text);
            foreach (var sentence in SentenceSplitter.Split(MarkdownMask.Apply(text)).Where(span => span.Length is >= 60 and <= 400).Take(SentencesPerPage))
            {
                material.AddFact(position, sentence.In(text), "", 0.5);
            }
        }
    }

    private static string Text(JsonNode? node) => node is JsonValue ? UntrustedText.Clean(node.ToString()) : "";
}
