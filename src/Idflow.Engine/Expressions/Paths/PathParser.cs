using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Idflow.Engine.Expressions.Paths;

/// <summary>Reads a path into steps. Stricter than it could be where Jayway is strict: no blanks, no dot at the end.</summary>
internal sealed class PathParser
{
    private static readonly SearchValues<char> PositionCharacters = SearchValues.Create("0123456789-,: ");

    private readonly string _text;
    private readonly char _root;
    private int _at;

    public PathParser(string text)
    {
        var trimmed = text.Trim();
        _root = trimmed is ['$' or '@', ..] ? trimmed[0] : '$';
        _text = trimmed is ['$' or '@', ..] ? trimmed : "$." + text.TrimEnd();
    }

    /// <summary>A path inside a longer text, from the place of its <c>$</c> or <c>@</c>.</summary>
    private PathParser(string text, int at)
    {
        _text = text;
        _root = text[at];
        _at = at;
    }

    private bool AtEnd => _at >= _text.Length;

    public IReadOnlyList<PathToken> Parse()
    {
        if (_text.EndsWith('.'))
        {
            throw new PathException($"'{_text}' ends with a dot.");
        }

        var tokens = ReadTokens(stop: _ => false);
        return AtEnd ? tokens : throw Unexpected();
    }

    /// <summary>The path that starts at <paramref name="at"/> in a filter or a parameter list and ends where it cannot go on.</summary>
    public static (bool IsRelative, IReadOnlyList<PathToken> Tokens, int End) ParseEmbedded(string text, int at)
    {
        var parser = new PathParser(text, at);
        var tokens = parser.ReadTokens(stop: c => c is ' ' or ')' or ']' or ',' or '=' or '!' or '<' or '>' or '&' or '|' or '~');
        return (parser._root == '@', tokens, parser._at);
    }

    private List<PathToken> ReadTokens(Func<char, bool> stop)
    {
        List<PathToken> tokens = [];
        _at++;
        while (!AtEnd && !stop(_text[_at]))
        {
            switch (_text[_at])
            {
                case '[':
                    tokens.Add(ReadBracket());
                    break;
                case '.' when Peek(1) == '.':
                    _at += 2;
                    tokens.Add(new ScanToken());
                    tokens.Add(AtEnd ? throw Unexpected() : _text[_at] == '[' ? ReadBracket() : ReadName(stop));
                    break;
                case '.':
                    _at++;
                    tokens.Add(AtEnd ? throw Unexpected() : _text[_at] == '[' ? ReadBracket() : ReadName(stop));
                    break;
                default:
                    throw Unexpected();
            }
        }

        return tokens;
    }

    private PathToken ReadName(Func<char, bool> stop)
    {
        if (_text[_at] == '*')
        {
            _at++;
            return new WildcardToken();
        }

        var start = _at;
        while (!AtEnd && _text[_at] is not ('.' or '[' or '(' or ' ') && !stop(_text[_at]))
        {
            _at++;
        }

        if (_at == start || (!AtEnd && _text[_at] == ' ' && !stop(' ')))
        {
            throw Unexpected();
        }

        var name = _text[start.._at];
        return !AtEnd && _text[_at] == '(' ? ReadFunction(name) : new KeyToken(name);
    }

    private FunctionToken ReadFunction(string name)
    {
        if (!PathFunctions.TryParse(name, out var function))
        {
            throw new PathException($"'{_text}' calls the unknown function {name}(); known are {string.Join(", ", PathFunctions.Names)}.");
        }

        _at++;
        List<PathParameter> parameters = [];
        SkipBlanks();
        while (!AtEnd && _text[_at] != ')')
        {
            parameters.Add(ReadParameter());
            SkipBlanks();
            if (!AtEnd && _text[_at] == ',')
            {
                _at++;
                SkipBlanks();
            }
        }

        Expect(')');
        return new(function, parameters);
    }

    private PathParameter ReadParameter()
    {
        if (_text[_at] is '$' or '@')
        {
            var (_, tokens, end) = ParseEmbedded(_text, _at);
            var text = _text[_at..end];
            _at = end;
            return JsonPath.TryParse(text, out var path, out var error) ? new(path, null) : throw new PathException(error);
        }

        return new(null, ReadValue(_text, ref _at));
    }

    /// <summary>A JSON value, in which texts may also stand in single quotes; leaves <paramref name="at"/> behind it.</summary>
    internal static JsonNode? ReadValue(string text, ref int at)
    {
        var start = at;
        if (text[at] is '\'' or '"')
        {
            return JsonValue.Create(ReadQuoted(text, ref at));
        }

        var json = text[at] is '[' or '{' ? ReadNested(text, ref at) : ReadWord(text, ref at);
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            throw new PathException($"'{text}' has no readable value at position {start + 1}.");
        }
    }

    private static string ReadWord(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '.' or '-' or '+'))
        {
            at++;
        }

        return text[start..at];
    }

    /// <summary>A list or map up to its closing bracket, with texts in double quotes.</summary>
    private static string ReadNested(string text, ref int at)
    {
        var json = new StringBuilder();
        var open = 0;
        while (at < text.Length)
        {
            if (text[at] is '\'' or '"')
            {
                json.Append(JsonValue.Create(ReadQuoted(text, ref at)).ToJsonString());
                continue;
            }

            open += text[at] is '[' or '{' ? 1 : text[at] is ']' or '}' ? -1 : 0;
            json.Append(text[at++]);
            if (open == 0)
            {
                break;
            }
        }

        return json.ToString();
    }

    private PathToken ReadBracket()
    {
        _at++;
        SkipBlanks();
        PathToken token = AtEnd ? throw Unexpected() : _text[_at] switch
        {
            '\'' or '"' => ReadKeys(),
            '*' => ReadWildcard(),
            '?' => ReadFilter(),
            _ => ReadPositions(),
        };
        SkipBlanks();
        Expect(']');
        return token;
    }

    private WildcardToken ReadWildcard()
    {
        _at++;
        return new();
    }

    private PathToken ReadKeys()
    {
        List<string> keys = [];
        do
        {
            if (keys.Count > 0)
            {
                _at++;
                SkipBlanks();
            }

            if (AtEnd || _text[_at] is not ('\'' or '"'))
            {
                throw Unexpected();
            }

            keys.Add(ReadQuoted(_text, ref _at));
            SkipBlanks();
        }
        while (!AtEnd && _text[_at] == ',');

        return keys.Count == 1 ? new KeyToken(keys[0]) : new KeysToken(keys);
    }

    /// <summary>A text in single or double quotes, with backslash escapes; leaves <paramref name="at"/> behind it.</summary>
    internal static string ReadQuoted(string text, ref int at)
    {
        var quote = text[at];
        var value = new StringBuilder();
        for (var i = at + 1; i < text.Length; i++)
        {
            if (text[i] == quote)
            {
                at = i + 1;
                return value.ToString();
            }

            value.Append(text[i] == '\\' && i + 1 < text.Length ? text[++i] : text[i]);
        }

        throw new PathException($"'{text}' opens a quote at position {at + 1} and never closes it.");
    }

    private FilterToken ReadFilter()
    {
        _at++;
        SkipBlanks();
        if (AtEnd || _text[_at] != '(')
        {
            throw Unexpected();
        }

        var parser = new FilterParser(_text, _at);
        var filter = parser.ParseGroup();
        _at = parser.Position;
        return new(filter);
    }

    private PathToken ReadPositions()
    {
        var close = _text.IndexOf(']', _at);
        var inner = close < 0 ? "" : _text[_at..close];
        if (inner.AsSpan().Trim().Length == 0 || inner.AsSpan().ContainsAnyExcept(PositionCharacters))
        {
            throw Unexpected();
        }

        _at = close;
        if (inner.Contains(':', StringComparison.Ordinal))
        {
            var bounds = inner.Split(':');
            return new SliceToken(Bound(bounds[0]), Bound(bounds[1]));
        }

        return new IndexToken([.. inner.Split(',').Select(Position)]);
    }

    private int? Bound(string text) => string.IsNullOrWhiteSpace(text) ? null : Position(text);

    private int Position(string text) => int.TryParse(text.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var position) ? position : throw Unexpected();

    private char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private void SkipBlanks()
    {
        while (!AtEnd && _text[_at] == ' ')
        {
            _at++;
        }
    }

    private void Expect(char c)
    {
        if (AtEnd || _text[_at] != c)
        {
            throw Unexpected();
        }

        _at++;
    }

    private PathException Unexpected() => AtEnd
        ? new($"'{_text}' ends too early.")
        : new($"'{_text}' has an unexpected '{_text[_at]}' at position {_at + 1}.");
}
