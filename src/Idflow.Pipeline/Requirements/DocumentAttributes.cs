using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Pipeline.Requirements;

/// <summary>
/// The attributes that requirements can name: the properties (dot paths walk into maps; an exact key with dots wins), and
/// <c>id</c>, <c>status</c>, <c>body</c> (without line ends at its end), <c>doc_refs</c> and <c>file_refs</c> (lists of keys), <c>stages</c> (names of the stages that have run).
/// </summary>
internal sealed class DocumentAttributes(Document document, IReadOnlyList<StageRun> runs)
{
    public bool TryGet(string name, out object? value)
    {
        if (PropertyPath.TryGet(document.Properties, name, out value))
        {
            return true;
        }

        value = name switch
        {
            "id" => document.Id,
            "status" => document.Status.ToString().ToLowerInvariant(),
            "body" => document.Body.TrimEnd('\r', '\n'),
            "doc_refs" => document.DocumentReferences.Select(reference => (object?)reference.Key).ToList(),
            "file_refs" => document.FileReferences.Select(reference => (object?)reference.Key).ToList(),
            "stages" => runs.Select(run => run.StageName).Distinct(StringComparer.Ordinal).Select(stage => (object?)stage).ToList(),
            _ => null,
        };
        return value is not null;
    }
}
