namespace Idflow.Documents.Index;

/// <summary>Sorts documents of one status by id. Eight bytes of each id decide nearly always, and numbers are sorted much faster than texts.</summary>
internal static class IdSort
{
    private const int KeyLength = sizeof(ulong);

    public static IndexedDocument[] Sort(IReadOnlyCollection<IndexedDocument> documents)
    {
        var sorted = documents.ToArray();
        var keys = Array.ConvertAll(sorted, KeyOf);
        Array.Sort(keys, sorted);
        for (var from = 0; from < keys.Length;)
        {
            var to = from + 1;
            while (to < keys.Length && keys[to] == keys[from])
            {
                to++;
            }

            if (to - from > 1)
            {
                sorted.AsSpan(from, to - from).Sort(IndexedDocument.Compare);
            }

            from = to;
        }

        return sorted;
    }

    /// <summary>In the order of the ids: characters beyond one byte count as its largest value, and what is missing as the smallest.</summary>
    private static ulong KeyOf(IndexedDocument document)
    {
        var key = 0UL;
        for (var i = 0; i < KeyLength; i++)
        {
            key = (key << 8) | (i < document.Id.Length ? Math.Min(document.Id[i], (char)0xff) : 0UL);
        }

        return key;
    }
}
