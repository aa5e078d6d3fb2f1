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
    private readonly List<KeyValuePair<string, object?>> _entries;
    private readonly Dictionary<string, int> _positions;

    public PropertyMap(IEnumerable<KeyValuePair<string, object?>> entries)
    {
        _entries = [];
        _positions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (_positions.TryGetValue(entry.Key, out var position))
            {
                _entries[position] = entry;
                continue;
            }

            _positions[entry.Key] = _entries.Count;
            _entries.Add(entry);
        }
    }

    public static PropertyMap Empty { get; } = new([]);

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => _entries.Select(entry => entry.Key);

    public IEnumerable<object?> Values => _entries.Select(entry => entry.Value);

    public object? this[string key] => _entries[_positions[key]].Value;

    public bool ContainsKey(string key) => _positions.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        if (_positions.TryGetValue(key, out var position))
        {
            value = _entries[position].Value;
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>This map with the key set: in its place when it is there, else at the end.</summary>
    public PropertyMap With(string key, object? value) => new(_entries.Append(new(key, value)));

    /// <summary>This map without the key.</summary>
    public PropertyMap Without(string key) => ContainsKey(key) ? new(_entries.Where(entry => entry.Key != key)) : this;

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
