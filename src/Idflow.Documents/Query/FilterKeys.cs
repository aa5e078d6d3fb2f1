using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>The keys of a filter that are not properties, and the value a key has in a document.</summary>
internal static class FilterKeys
{
    public const string Id = "id";
    public const string Status = "status";
    public const string DocumentReference = "doc-ref";
    public const string FileReference = "file-ref";
    public const string Stage = "stage";

    public static bool IsProperty(string key) => key is not (Id or Status or DocumentReference or FileReference or Stage);

    /// <summary>The value under the key; null where there is none. References and stages are the list of their names.</summary>
    public static object? ValueOf(DocumentSummary document, string key, StageStatus? stageStatus = null) => key switch
    {
        Id => document.Id,
        Status => StatusNames.Of(document.Status),
        DocumentReference => ListOrNull(document.DocumentReferences.Select(reference => reference.Key)),
        FileReference => ListOrNull(document.FileReferences.Select(reference => reference.Key)),
        Stage => ListOrNull(document.Stages.Where(stage => stageStatus is null || stage.Status == stageStatus).Select(stage => stage.StageName)),
        _ => PropertyPath.TryGet(document.Properties, key, out var value) ? value : null,
    };

    private static List<object?>? ListOrNull(IEnumerable<string> names)
    {
        var list = names.ToList<object?>();
        return list.Count > 0 ? list : null;
    }
}
