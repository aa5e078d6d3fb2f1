using System.Text;
using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>The key of a filter or an order, made ready once: a property path, or one of the names here that are not properties.</summary>
internal sealed class FilterKey
{
    public const string Id = "id";
    public const string Status = "status";
    public const string DocumentReference = "doc-ref";
    public const string FileReference = "file-ref";
    public const string Stage = "stage";

    public FilterKey(string name)
    {
        Name = name;
        Steps = [.. PropertyPath.TopLevelKeys(name).Select(key => (Encoding.UTF8.GetBytes(key), key.Length == name.Length ? null : name[(key.Length + 1)..]))];
    }

    public string Name { get; }

    /// <summary>The keys of the top level that may hold the value, in the order in which they count, in UTF-8; and the path below each, null for the value itself.</summary>
    public IReadOnlyList<(byte[] Key, string? Below)> Steps { get; }

    /// <summary>The value under the key; null where there is none. References and stages are the list of their names.</summary>
    public object? ValueOf(IFilterable document, StageStatus? stageStatus = null) => Name switch
    {
        Id => document.Id,
        Status => StatusNames.Of(document.Status),
        DocumentReference => ListOrNull(document.DocumentReferences.Select(reference => reference.Key)),
        FileReference => ListOrNull(document.FileReferences.Select(reference => reference.Key)),
        Stage => ListOrNull(document.Stages.Where(stage => stageStatus is null || stage.Status == stageStatus).Select(stage => stage.StageName)),
        _ => document.TryGetProperty(this, out var value) ? value : null,
    };

    private static List<object?>? ListOrNull(IEnumerable<string> names)
    {
        var list = names.ToList<object?>();
        return list.Count > 0 ? list : null;
    }
}
