using Idflow.Documents.Model;

namespace Idflow.Documents.Index;

/// <summary>The documents of the index in memory, by status and folder name. Not thread-safe.</summary>
internal sealed class IndexState
{
    private readonly Dictionary<string, IndexedDocument>[] _byStatus;
    private HashSet<string>? _ambiguous;

    public IndexState() => _byStatus = [.. Enum.GetValues<DocumentStatus>().Select(_ => new Dictionary<string, IndexedDocument>(StringComparer.Ordinal))];

    public int Count => _byStatus.Sum(documents => documents.Count);

    public IEnumerable<IndexedDocument> All => _byStatus.SelectMany(documents => documents.Values);

    public Dictionary<string, IndexedDocument>.AlternateLookup<ReadOnlySpan<char>> ByName(DocumentStatus status) =>
        _byStatus[(int)status].GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Ids with a folder in more than one status.</summary>
    public IReadOnlySet<string> Ambiguous => _ambiguous ??= All.CountBy(document => document.Id).Where(count => count.Value > 1).Select(count => count.Key).ToHashSet();

    public void Put(IndexedDocument document)
    {
        _byStatus[(int)document.Status][document.Id] = document;
        _ambiguous = null;
    }

    public void Remove(DocumentStatus status, string id)
    {
        _byStatus[(int)status].Remove(id);
        _ambiguous = null;
    }
}
