using System.Text.Json.Nodes;
using Idflow.Documents.Model;
using Idflow.Documents.Query;
using Idflow.Workers;

namespace Idflow.Tasks.StageTasks;

/// <summary>Turns the output of a stage's workflow into the results that are stored.</summary>
internal static class StageResults
{
    /// <summary>
    /// <c>doc</c> as the result itself: its <c>body</c> (or <c>content</c>) is the text, its other keys the front matter; a text
    /// is a body without front matter. Each entry of <c>files</c>, a map with <c>name</c>, as a result below it.
    /// </summary>
    public static IReadOnlyList<StageResult> From(string name, JsonObject output)
    {
        var results = new List<StageResult>();
        switch (output["doc"])
        {
            case null:
                break;
            case JsonObject document:
                results.Add(Result(name, document));
                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                results.Add(new StageResult(name, PropertyMap.Empty, text));
                break;
            case var other:
                throw TaskFailedException.Terminal($"The output 'doc' of the workflow for '{name}' is {other.GetValueKind()}; it must be a map with 'body', or a text.");
        }

        foreach (var file in output["files"] as JsonArray ?? [])
        {
            if (file is not JsonObject map || (string?)map["name"] is not { Length: > 0 } fileName)
            {
                throw TaskFailedException.Terminal($"An entry of the output 'files' of the workflow for '{name}' has no 'name'.");
            }

            if (fileName.Contains('\\', StringComparison.Ordinal) || fileName.Split('/').Any(step => step.Length == 0 || step[0] == '.'))
            {
                throw TaskFailedException.Terminal($"'{fileName}' in the output 'files' of the workflow for '{name}' cannot be the name of a file below the stage run.");
            }

            results.Add(Result($"{name}/{fileName}", map, "name"));
        }

        return results;
    }

    private static StageResult Result(string name, JsonObject document, string? without = null)
    {
        var bodyKey = document["body"] is not null ? "body" : "content";
        var body = document[bodyKey] switch
        {
            null => "",
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            var other => throw TaskFailedException.Terminal($"'{bodyKey}' of the result '{name}' is {other.GetValueKind()}; it must be text."),
        };
        var properties = document.Where(entry => entry.Key is not ("body" or "content") && entry.Key != without)
            .Select(entry => KeyValuePair.Create(entry.Key, PropertyJson.Parse(entry.Value?.ToJsonString() ?? "null")));
        return new StageResult(name, new PropertyMap(properties), body);
    }
}
