using System.Text.Json.Nodes;
using Idflow.Documents;
using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Cli.Commands.Doc;

/// <summary>A document as JSON, with stable keys.</summary>
internal static class DocumentJson
{
    /// <param name="document">The document.</param>
    /// <param name="path">Its <c>doc.md</c>; null where documents are not files.</param>
    public static JsonObject Of(DocumentSummary document, string? path) => new()
    {
        ["id"] = document.Id,
        ["status"] = DocumentStatusText.Of(document.Status),
        ["path"] = path,
        ["properties"] = Value(document.Properties),
        ["documents"] = References(document.DocumentReferences),
        ["files"] = Files(document.FileReferences),
        ["stages"] = new JsonArray([.. document.Stages.Select(stage => new JsonObject
        {
            ["name"] = stage.StageName,
            ["counter"] = stage.Counter,
            ["status"] = stage.Status.ToString().ToLowerInvariant(),
        })]),
    };

    public static JsonObject Of(Document document, IReadOnlyList<StageRun> runs, string? path) => new()
    {
        ["id"] = document.Id,
        ["status"] = DocumentStatusText.Of(document.Status),
        ["path"] = path,
        ["properties"] = Value(document.Properties),
        ["body"] = document.Body,
        ["documents"] = References(document.DocumentReferences),
        ["files"] = Files(document.FileReferences),
        ["stages"] = new JsonArray([.. runs.Select(run => new JsonObject
        {
            ["name"] = run.StageName,
            ["counter"] = run.Counter,
            ["status"] = run.Status.ToString().ToLowerInvariant(),
            ["workflow_id"] = run.WorkflowId,
            ["reason"] = run.Reason,
            ["results"] = new JsonArray([.. run.Results.Select(result => JsonValue.Create(result))]),
        })]),
    };

    public static JsonNode? Value(object? value) => JsonNode.Parse(PropertyJson.Write(value));

    private static JsonArray References(IEnumerable<DocumentReference> references) =>
        [.. references.Select(reference => new JsonObject { ["key"] = reference.Key, ["uuid"] = reference.Uuid, ["data"] = Value(reference.Data) })];

    private static JsonArray Files(IEnumerable<FileReference> files) =>
        [.. files.Select(file => new JsonObject { ["key"] = file.Key, ["filename"] = file.FileName, ["uuid"] = file.Uuid, ["data"] = Value(file.Data) })];
}
