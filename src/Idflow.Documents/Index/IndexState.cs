using Idflow.Documents.Model;

namespace Idflow.Documents.Index;

/// <summary>The documents of the index in memory, by status and folder name, and in the order of listings. Not thread-safe.</summary>
internal sealed class IndexState
{
    private static readonly Comparer<IndexedDocument> Order = Comparer<IndexedDocument>.Create(IndexedDocument.Compare);

    private readonly Dictionary<string, IndexedDocument>[] _byStatus;
    private List<IndexedDocument>? _ordered;
    private HashSet<string>? _ambiguous;

    public IndexState() => _byStatus = [.. Enum.GetValues<DocumentStatus>().Select(_ => new Dictionary<string, IndexedDocument>(StringComparer.Ordinal))];

    public int Count => _byStatus.Sum(documents => documents.Count);

    public IEnumerable<IndexedDocument> All => _byStatus.SelectMany(documents => documents.Values);

    /// <summary>All, by status and id: sorted when it is first needed, and kept in order by every change.</summary>
    public IReadOnlyList<IndexedDocument> Ordered => _ordered ??= Sort();

    /// <summary>Ids with a folder in more than one status.</summary>
    public IReadOnlySet<string> Ambiguous => _ambiguous ??= FindAmbiguous();

    public Dictionary<string, IndexedDocument>.AlternateLookup<ReadOnlySpan<char>> ByName(DocumentStatus status) =>
        _byStatus[(int)status].GetAlternateLookup<ReadOnlySpan<char>>();

    public void Put(IndexedDocument document)
    {
        _byStatus[(int)document.Status][document.Id] = document;
        NoteAmbiguity(document.Id);
        if (_ordered?.BinarySearch(document, Order) is not { } at)
        {
            return;
        }

        if (at >= 0)
        {
            _ordered[at] = document;
        }
        else
        {
            _ordered.Insert(~at, document);
        }
    }

    public void Remove(DocumentStatus status, string id)
    {
        if (_byStatus[(int)status].Remove(id, out var removed))
        {
            NoteAmbiguity(id);
            _ordered?.RemoveAt(_ordered.BinarySearch(removed, Order));
        }
    }

    private HashSet<string> FindAmbiguous()
    {
        var (seen, twice) = (new HashSet<string>(Count, StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var documents in _byStatus)
        {
            foreach (var id in documents.Keys)
            {
                if (!seen.Add(id))
                {
                    twice.Add(id);
                }
            }
        }

        return twice;
    }

    private List<IndexedDocument> Sort()
    {
        var ordered = new List<IndexedDocument>(Count);
        foreach (var documents in _byStatus)
        {
            ordered.AddRange(IdSort.Sort(documents.Values));
        }

        return ordered;
    }

    private void NoteAmbiguity(string id)
    {
        if (_ambiguous is null)
        {
            return;
        }

        if (_byStatus.Count(documents => documents.ContainsKey(id)) > 1)
        {
            _ambiguous.Add(id);
        }
        else
        {
            _ambiguous.Remove(id);
        }
    }
}
