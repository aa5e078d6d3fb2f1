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

    private readonly byte[]? _encoded;
    private readonly Func<byte[], List<KeyValuePair<string, object?>>>? _decode;
    private volatile List<KeyValuePair<string, object?>>? _decoded;
    private Dictionary<string, int>? _positions;

    public PropertyMap(IEnumerable<KeyValuePair<string, object?>> entries)
    {
        var list = entries.TryGetNonEnumeratedCount(out var count) ? new List<KeyValuePair<string, object?>>(count) : [];
        _decoded = list;
        foreach (var entry in entries)
        {
            var position = PositionOf(entry.Key);
            if (position >= 0)
            {
                list[position] = entry;
            }
            else
            {
                list.Add(entry);
                IndexLast(list);
            }
        }
    }

    private PropertyMap(List<KeyValuePair<string, object?>> distinct)
    {
        Take(distinct);
    }

    private PropertyMap(byte[] encoded, Func<byte[], List<KeyValuePair<string, object?>>> decode)
    {
        (_encoded, _decode) = (encoded, decode);
    }

    public static PropertyMap Empty { get; } = new([]);

    /// <summary>A map over this list, which nobody may change any more and in which no key stands twice.</summary>
    internal static PropertyMap OfDistinct(List<KeyValuePair<string, object?>> entries) => new(entries);

    /// <summary>
    /// A map that is decoded when it is first looked at: most of a long listing never is. Decoding must not fail and gives no key
    /// twice; threads that look at the same time may each decode.
    /// </summary>
    internal static PropertyMap Deferred(byte[] encoded, Func<byte[], List<KeyValuePair<string, object?>>> decode) => new(encoded, decode);

    private List<KeyValuePair<string, object?>> Entries => _decoded ?? Take(_decode!(_encoded!));

    public int Count => Entries.Count;

    public IEnumerable<string> Keys => Entries.Select(entry => entry.Key);

    public IEnumerable<object?> Values => Entries.Select(entry => entry.Value);

    public object? this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no property '{key}'.");

    public bool ContainsKey(string key) => PositionOf(key) >= 0;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        var position = PositionOf(key);
        value = position >= 0 ? Entries[position].Value : null;
        return position >= 0;
    }

    /// <summary>This map with the key set: in its place when it is there, else at the end.</summary>
    public PropertyMap With(string key, object? value) => new(Entries.Append(new(key, value)));

    /// <summary>This map without the key.</summary>
    public PropertyMap Without(string key) => ContainsKey(key) ? new(Entries.Where(entry => entry.Key != key)) : this;

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private List<KeyValuePair<string, object?>> Take(List<KeyValuePair<string, object?>> distinct)
    {
        if (distinct.Count > SmallCount)
        {
            _positions = PositionsOf(distinct);
        }

        _decoded = distinct;
        return distinct;
    }

    private void IndexLast(List<KeyValuePair<string, object?>> entries)
    {
        if (_positions is not null)
        {
            _positions.Add(entries[^1].Key, entries.Count - 1);
        }
        else if (entries.Count > SmallCount)
        {
            _positions = PositionsOf(entries);
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
        var entries = Entries;
        if (_positions is not null)
        {
            return _positions.GetValueOrDefault(key, -1);
        }

        for (var i = 0; i < entries.Count; i++)
        {
            if (string.Equals(entries[i].Key, key, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
