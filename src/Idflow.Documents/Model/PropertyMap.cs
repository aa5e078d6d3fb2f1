using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Idflow.Documents.Model;

/// <summary>
/// The properties of a document in the order of its front matter: immutable, keys are text. A value is one of: null,
/// <see cref="bool"/>, <see cref="long"/>, <see cref="System.Numerics.BigInteger"/> (beyond 64 bit), <see cref="double"/>,
/// <see cref="string"/>, <see cref="DateOnly"/>, <see cref="DateTimeOffset"/> or <see cref="DateTime"/> (a timestamp without
/// zone), a list (<see cref="IReadOnlyList{T}"/> of values) or a map (<see cref="PropertyMap"/>).
/// </summary>
public sealed class PropertyMap : IReadOnlyDictionary<string, object?>
{
    /// <summary>Up to here a look through the keys is as fast as a dictionary, which would be most of a small map's memory.</summary>
    private const int SmallCount = 12;

    private readonly List<KeyValuePair<string, object?>> _entries;
    private Dictionary<string, int>? _positions;

    public PropertyMap(IEnumerable<KeyValuePair<string, object?>> entries)
    {
        _entries = entries.TryGetNonEnumeratedCount(out var count) ? new(count) : [];
        foreach (var entry in entries)
        {
            var position = PositionOf(entry.Key);
            if (position >= 0)
            {
                _entries[position] = entry;
            }
            else
            {
                _entries.Add(entry);
                IndexLast();
            }
        }
    }

    private PropertyMap(List<KeyValuePair<string, object?>> distinct)
    {
        _entries = distinct;
        if (distinct.Count > SmallCount)
        {
            _positions = PositionsOf(distinct);
        }
    }

    public static PropertyMap Empty { get; } = new([]);

    /// <summary>A map over this list, which nobody may change any more and in which no key stands twice.</summary>
    internal static PropertyMap OfDistinct(List<KeyValuePair<string, object?>> entries) => new(entries);

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => _entries.Select(entry => entry.Key);

    public IEnumerable<object?> Values => _entries.Select(entry => entry.Value);

    public object? this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no property '{key}'.");

    public bool ContainsKey(string key) => PositionOf(key) >= 0;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        var position = PositionOf(key);
        value = position >= 0 ? _entries[position].Value : null;
        return position >= 0;
    }

    /// <summary>This map with the key set: in its place when it is there, else at the end.</summary>
    public PropertyMap With(string key, object? value) => new(_entries.Append(new(key, value)));

    /// <summary>This map without the key.</summary>
    public PropertyMap Without(string key) => ContainsKey(key) ? new(_entries.Where(entry => entry.Key != key)) : this;

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void IndexLast()
    {
        if (_positions is not null)
        {
            _positions.Add(_entries[^1].Key, _entries.Count - 1);
        }
        else if (_entries.Count > SmallCount)
        {
            _positions = PositionsOf(_entries);
        }
    }

    private static Dictionary<string, int> PositionsOf(List<KeyValuePair<string, object?>> entries)
    {
        var positions = new Dictionary<string, int>(entries.Count, StringComparer.Ordinal);
        for (var i = 0; i < entries.Count; i++)
        {
            positions.Add(entries[i].Key, i);
        }

        return positions;
    }

    private int PositionOf(string key)
    {
        if (_positions is not null)
        {
            return _positions.GetValueOrDefault(key, -1);
        }

        for (var i = 0; i < _entries.Count; i++)
        {
            if (string.Equals(_entries[i].Key, key, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
