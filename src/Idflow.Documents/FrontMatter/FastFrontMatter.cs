using System.Diagnostics.CodeAnalysis;
using Idflow.Documents.Model;

namespace Idflow.Documents.FrontMatter;

/// <summary>
/// Reads the plain form that nearly every front matter has, without a YAML parser: <c>key: value</c> lines with one-line
/// scalars, <c>[a, b]</c>, <c>{}</c>, block maps of scalars, and block lists of scalars or of flat maps. It gives up (returns false) on everything else, also on
/// everything that is wrong, so that only the full reader reports errors. Rule: whatever it accepts it reads like the full reader.
/// </summary>
internal ref struct FastFrontMatter
{
    private readonly ReadOnlySpan<char> _yaml;
    private int _next;

    private FastFrontMatter(ReadOnlySpan<char> yaml) => _yaml = yaml;

    public static bool TryRead(ReadOnlySpan<char> yaml, [NotNullWhen(true)] out PropertyMap? map)
    {
        map = null;
        var reader = new FastFrontMatter(yaml);
        var entries = new List<KeyValuePair<string, object?>>();
        while (reader.TryLine(out var line))
        {
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            if (!FastScalar.TryKey(line, out var key, out var rest) || !reader.TryValue(rest, out var value))
            {
                return false;
            }

            entries.Add(new(key, value));
        }

        if (reader._next < 0)
        {
            return false;
        }

        map = new PropertyMap(entries);
        return true;
    }

    private bool TryValue(ReadOnlySpan<char> rest, out object? value)
    {
        if (rest.IsEmpty)
        {
            return PeekIndent() switch
            {
                '-' => TryList(out value),
                ' ' => TryMap(out value),
                '\t' => False(out value),
                _ => Null(out value),
            };
        }

        // A next line that is indented goes on with this value.
        return PeekIndent() is ' ' or '\t' or '-' ? False(out value) : FastScalar.TryValue(rest, out value);
    }

    private bool TryList(out object? value)
    {
        var items = new List<object?>();
        value = items;
        while (PeekIndent() == '-')
        {
            if (!TryLine(out var line) || line.Length < 3 || line[1] != ' ' || line[2] == ' ')
            {
                return false;
            }

            var content = line[2..];
            if (FastScalar.TryKey(content, out var key, out var rest))
            {
                if (!TryFlatMap(key, rest, out var map))
                {
                    return false;
                }

                items.Add(map);
            }
            else if (PeekIndent() is ' ' or '\t' || !FastScalar.TryValue(content, out var item))
            {
                return false;
            }
            else
            {
                items.Add(item);
            }
        }

        return PeekIndent() is not (' ' or '\t');
    }

    /// <summary>A block map of scalars: lines indented by exactly two spaces.</summary>
    private bool TryMap(out object? value)
    {
        value = null;
        var entries = new List<KeyValuePair<string, object?>>();
        while (PeekIndent() == ' ')
        {
            if (!TryLine(out var line) || line.Length < 4 || line[1] != ' ' || !FastScalar.TryKey(line[2..], out var key, out var rest)
                || rest.IsEmpty || !FastScalar.TryValue(rest, out var item))
            {
                return false;
            }

            entries.Add(new(key, item));
        }

        value = new PropertyMap(entries);
        return PeekIndent() is not ('\t' or '-');
    }

    /// <summary>The rest of a map inside a list: lines indented by exactly two spaces.</summary>
    private bool TryFlatMap(string key, ReadOnlySpan<char> rest, out PropertyMap? map)
    {
        map = null;
        var entries = new List<KeyValuePair<string, object?>>();
        while (true)
        {
            if (rest.IsEmpty || !FastScalar.TryValue(rest, out var value))
            {
                return false;
            }

            entries.Add(new(key, value));
            if (PeekIndent() != ' ')
            {
                map = new PropertyMap(entries);
                return PeekIndent() != '\t';
            }

            if (!TryLine(out var line) || line.Length < 4 || line[1] != ' ' || !FastScalar.TryKey(line[2..], out key!, out rest))
            {
                return false;
            }
        }
    }

    private bool TryLine(out ReadOnlySpan<char> line)
    {
        line = default;
        if (_next < 0 || _next >= _yaml.Length)
        {
            return false;
        }

        var rest = _yaml[_next..];
        var end = rest.IndexOf('\n');
        line = end < 0 ? rest : rest[..end];
        _next += line.Length + 1;
        if (!line.IsEmpty && line[^1] == '\r')
        {
            line = line[..^1];
        }

        if (FastScalar.HasUnusual(line))
        {
            _next = -1;
            return false;
        }

        return true;
    }

    /// <summary>The first character of the next line; 0 at the end.</summary>
    private readonly char PeekIndent() => _next >= 0 && _next < _yaml.Length ? _yaml[_next] : '\0';

    private static bool Null(out object? value)
    {
        value = null;
        return true;
    }

    private static bool False(out object? value)
    {
        value = null;
        return false;
    }
}
