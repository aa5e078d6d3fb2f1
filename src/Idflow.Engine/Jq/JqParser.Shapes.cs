using System.Globalization;
using System.Text;

namespace Idflow.Engine.Jq;

/// <summary>Patterns behind <c>as</c>, objects, and texts with values inserted.</summary>
internal sealed partial class JqParser
{
    private JqPattern ParsePattern()
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        if (Symbol("["))
        {
            List<JqPattern> items = [];
            do
            {
                items.Add(ParsePattern());
            }
            while (Symbol(","));

            Expect("]");
            return new ListPattern(items);
        }

        if (!Symbol("{"))
        {
            return new VariablePattern(Variable());
        }

        List<(JqNode, string?, JqPattern?)> entries = [];
        do
        {
            SkipBlanks();
            var variable = _at < _text.Length && _text[_at] == '$' ? Variable() : null;
            var key = variable is not null ? new LiteralNode(JqValue.Of(variable)) : Symbol("(") ? Closed(ParsePipe(), ")") : Key() ?? throw Unexpected();
            var value = Symbol(":") ? ParsePattern() : variable is null ? throw Unexpected(":") : null;
            entries.Add((key, variable, value));
        }
        while (Symbol(","));

        Expect("}");
        return new MapPattern(entries);
    }

    private ObjectNode ParseObject()
    {
        List<(JqNode, JqNode)> entries = [];
        while (!Symbol("}"))
        {
            entries.Add(ParseEntry());
            if (!Symbol(","))
            {
                Expect("}");
                break;
            }
        }

        return new(entries);
    }

    private (JqNode Key, JqNode Value) ParseEntry()
    {
        SkipBlanks();
        if (_at < _text.Length && _text[_at] == '$')
        {
            var start = _at + 1;
            var variable = ParseVariable();
            var name = _text[start.._at].Trim();
            return (new LiteralNode(JqValue.Of(name)), variable);
        }

        JqNode key;
        if (Symbol("("))
        {
            key = Closed(ParsePipe(), ")");
            Expect(":");
            return (key, ParseEntryValue());
        }

        key = _at < _text.Length && _text[_at] == '@' ? ParseFormat() : Key() ?? (Number() is { } number ? new LiteralNode(number) : throw Unexpected());
        return (key, Symbol(":") ? ParseEntryValue() : new IndexNode(new IdentityNode(), key));
    }

    /// <summary>Terms joined by <c>|</c>; operators are taken too, commas are not.</summary>
    private JqNode ParseEntryValue()
    {
        var value = ParseAlternative();
        return Symbol("|") ? new PipeNode(value, ParseEntryValue()) : value;
    }

    private JqNode ParseText(Func<JqValue, string> format)
    {
        List<(string, JqNode?)> parts = [];
        var text = new StringBuilder();
        for (_at++; _at < _text.Length && _text[_at] != '"'; _at++)
        {
            if (_text[_at] != '\\')
            {
                text.Append(_text[_at]);
                continue;
            }

            _at++;
            if (_at < _text.Length && _text[_at] == '(')
            {
                _at++;
                parts.Add((text.ToString(), ParsePipe()));
                text.Clear();
                if (_at >= _text.Length || _text[_at] != ')')
                {
                    throw Unexpected(")");
                }
            }
            else
            {
                AppendEscape(text);
            }
        }

        if (_at >= _text.Length)
        {
            throw Unexpected("\"");
        }

        _at++;
        SkipBlanks();
        if (parts.Count == 0)
        {
            return new LiteralNode(JqValue.Of(text.ToString()));
        }

        parts.Add((text.ToString(), null));
        return new TextNode(parts, format);
    }

    private void AppendEscape(StringBuilder text)
    {
        var c = _at < _text.Length ? _text[_at] : throw Unexpected();
        if (c == 'u')
        {
            if (_at + 4 >= _text.Length || !ushort.TryParse(_text.AsSpan(_at + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code))
            {
                throw Unexpected();
            }

            text.Append((char)code);
            _at += 4;
            return;
        }

        text.Append(c switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', '"' or '\\' or '/' => c, _ => throw Unexpected() });
    }
}
