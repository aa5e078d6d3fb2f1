using System.Text.Json.Nodes;
using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Pipeline.Evaluation;

/// <summary>A document as workflows and <c>when</c> see it: the properties, and <c>id</c>, <c>status</c>, <c>body</c>, <c>stages</c>.</summary>
public static class DocumentJson
{
    /// <summary>Longest body, in characters, that is part of a workflow's input; a task reads a longer one from the document itself.</summary>
    public const int LongestBody = 100_000;

    /// <param name="document">The document.</param>
    /// <param name="runs">Its stage runs: <c>stages.NAME</c> is the status of the latest run.</param>
    /// <param name="longestBody">A longer body is left out, and <c>bodyLength</c> says how long it is.</param>
    public static JsonObject Of(Document document, IReadOnlyList<StageRun> runs, int longestBody = int.MaxValue)
    {
        var json = (JsonObject)JsonNode.Parse(PropertyJson.Write(document.Properties))!;
        json["id"] = document.Id;
        json["status"] = document.Status.ToString().ToLowerInvariant();
        if (document.Body.Length <= longestBody)
        {
            json["body"] = document.Body;
        }
        else
        {
            json["bodyLength"] = document.Body.Length;
        }

        json["stages"] = new JsonObject(runs.GroupBy(run => run.StageName, StringComparer.Ordinal)
            .Select(group => KeyValuePair.Create(group.Key, (JsonNode?)group.MaxBy(run => run.Counter)!.Status.ToString().ToLowerInvariant())));
        return json;
    }
}
