using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>
/// The order of a listing: property paths, <c>id</c> or <c>status</c>, with <c>-</c> before it descending. Values are
/// ordered by kind (true and false, numbers, versions, dates, text), lists by their first item; documents without the value come last in both
/// directions, and equal ones by status, then id.
/// </summary>
public sealed class DocumentOrder
{
    private readonly (string Key, bool Descending)[] _keys;

    private DocumentOrder((string Key, bool Descending)[] keys) => _keys = keys;

    /// <exception cref="FilterException">A name is empty, or is not something to sort by.</exception>
    public static DocumentOrder Parse(IReadOnlyList<string> names) => new([.. names.Select(ParseKey)]);

    internal IEnumerable<string> Keys => _keys.Select(key => key.Key);

    /// <summary>What the order needs of a document, so that it is read once and not at every comparison.</summary>
    internal SortKey KeyOf(DocumentSummary document)
    {
        var values = _keys.Length == 0 ? [] : new ComparableValue?[_keys.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ValueOf(document, _keys[i].Key);
        }

        return new SortKey(values, document.Status, document.Id);
    }

    internal int Compare(SortKey left, SortKey right)
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            var order = CompareValues(left.Values[i], right.Values[i], _keys[i].Descending);
            if (order != 0)
            {
                return order;
            }
        }

        var byStatus = left.Status.CompareTo(right.Status);
        return byStatus != 0 ? byStatus : string.CompareOrdinal(left.Id, right.Id);
    }

    private static ComparableValue? ValueOf(DocumentSummary document, string key)
    {
        if (key == FilterKeys.Status)
        {
            return ComparableValue.TryCreate((long)document.Status, out var status) ? status : null;
        }

        var value = FilterKeys.ValueOf(document, key);
        var first = value is IReadOnlyList<object?> list ? (list.Count > 0 ? list[0] : null) : value;
        return ComparableValue.TryCreate(first, out var comparable) ? comparable : null;
    }

    private static int CompareValues(ComparableValue? left, ComparableValue? right, bool descending)
    {
        if (left is not { } leftValue || right is not { } rightValue)
        {
            return (left is null).CompareTo(right is null);
        }

        var order = leftValue.Kind == rightValue.Kind
            ? ComparableValue.Compare(leftValue, rightValue)!.Value
            : leftValue.Kind.CompareTo(rightValue.Kind);
        return descending ? -order : order;
    }

    private static (string Key, bool Descending) ParseKey(string name)
    {
        var key = name.StartsWith('-') ? name[1..] : name;
        return key.Length == 0 || key.Trim().Length != key.Length
            ? throw new FilterException($"sort '{name}': the name of a property is needed, like 'title' or '-priority' (descending).")
            : (key, name.Length != key.Length);
    }
}
