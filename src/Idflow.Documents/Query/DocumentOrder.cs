using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>
/// The order of a listing: property paths, <c>id</c> or <c>status</c>, with <c>-</c> before it descending. Values are
/// ordered by kind (true and false, numbers, versions, dates, text), lists by their first item; documents without the value come last in both
/// directions, and equal ones by status, then id.
/// </summary>
public sealed class DocumentOrder
{
    private readonly (FilterKey Key, bool Descending)[] _keys;

    private DocumentOrder((FilterKey Key, bool Descending)[] keys) => _keys = keys;

    /// <exception cref="FilterException">A name is empty, or is not something to sort by.</exception>
    public static DocumentOrder Parse(IReadOnlyList<string> names) => new([.. names.Select(ParseKey)]);

    /// <summary>Whether documents stay in their places.</summary>
    internal bool IsDefault => _keys.Length == 0;

    /// <summary>Room for the values that the order needs of a document.</summary>
    internal ComparableValue?[] NewValues() => _keys.Length == 0 ? [] : new ComparableValue?[_keys.Length];

    /// <summary>Reads what the order needs of a document, once and not at every comparison.</summary>
    internal void Read(IFilterable document, ComparableValue?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ValueOf(document, _keys[i].Key);
        }
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

        return left.Place.CompareTo(right.Place);
    }

    private static ComparableValue? ValueOf(IFilterable document, FilterKey key)
    {
        if (key.Name == FilterKey.Status)
        {
            return ComparableValue.TryCreate((long)document.Status, out var status) ? status : null;
        }

        var value = key.ValueOf(document);
        var first = value is IReadOnlyList<object?> list ? (list.Count > 0 ? list[0] : null) : value;
        return ComparableValue.TryCreate(first, out var comparable) ? comparable : null;
    }

    private static int CompareValues(in ComparableValue? left, in ComparableValue? right, bool descending)
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

    private static (FilterKey Key, bool Descending) ParseKey(string name)
    {
        var key = name.StartsWith('-') ? name[1..] : name;
        return key.Length == 0 || key.Trim().Length != key.Length
            ? throw new FilterException($"sort '{name}': the name of a property is needed, like 'title' or '-priority' (descending).")
            : (new FilterKey(key), name.Length != key.Length);
    }
}
