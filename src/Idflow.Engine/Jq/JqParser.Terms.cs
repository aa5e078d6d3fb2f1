using Idflow.Engine.Expressions;

namespace Idflow.Engine.Jq;

/// <summary>Terms: what stands between operators.</summary>
internal sealed partial class JqParser
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "def", "if", "then", "elif", "else", "end", "as", "reduce", "foreach", "try", "catch", "label", "import", "include", "and", "or", "__loc__",
    };

    private JqNode ParsePostfix()
    {
        var term = ParseSuffixes(ParseTerm());
        return Word("as") ? ParseBinding(term) : term;
    }

    private BindNode ParseBinding(JqNode source)
    {
        List<JqPattern> patterns = [ParsePattern()];
        while (Symbol("?//"))
        {
            patterns.Add(ParsePattern());
        }

        Expect("|");
        var body = WithVariables(patterns.SelectMany(pattern => pattern.Variables), ParsePipe);
        return new(source, patterns, body);
    }

    private JqNode WithVariables(IEnumerable<string> names, Func<JqNode> parse)
    {
        var known = _variables.Count;
        _variables.AddRange(names);
        var node = parse();
        _variables.RemoveRange(known, _variables.Count - known);
        return node;
    }

    private JqNode ParseSuffixes(JqNode term)
    {
        while (true)
        {
            if (Symbol("?", "?//"))
            {
                term = new TryNode(term, null);
            }
            else if (Symbol("["))
            {
                term = ParseBracket(term);
            }
            else if (_at + 1 < _text.Length && _text[_at] == '.' && (_text[_at + 1] is '"' or '[' || IsNamePart(_text[_at + 1])))
            {
                _at++;
                term = Symbol("[") ? ParseBracket(term) : new IndexNode(term, Key() ?? throw Unexpected());
            }
            else
            {
                return term;
            }
        }
    }

    private JqNode ParseBracket(JqNode target)
    {
        if (Symbol("]"))
        {
            return new IterateNode(target);
        }

        if (Symbol(":"))
        {
            var end = ParsePipe();
            Expect("]");
            return new SliceNode(target, null, end);
        }

        var first = ParsePipe();
        if (Symbol(":"))
        {
            var end = Symbol("]") ? null : ParsePipe();
            if (end is not null)
            {
                Expect("]");
            }

            return new SliceNode(target, first, end);
        }

        Expect("]");
        return new IndexNode(target, first);
    }

    /// <summary>A name or a text behind a dot.</summary>
    private JqNode? Key() => _at < _text.Length && _text[_at] == '"' ? ParseText(JqFormats.Text) : Identifier() is { } name ? new LiteralNode(JqValue.Of(name)) : null;

    private JqNode ParseTerm()
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        SkipBlanks();
        if (_at >= _text.Length)
        {
            throw Unexpected();
        }

        switch (_text[_at])
        {
            case '.':
                return ParseDot();
            case '"':
                return ParseText(JqFormats.Text);
            case '@':
                return ParseFormat();
            case '$':
                return ParseVariable();
            case '(':
                _at++;
                var inner = ParsePipe();
                Expect(")");
                return inner;
            case '[':
                _at++;
                return Symbol("]") ? new ArrayNode(null) : Closed(new ArrayNode(ParsePipe()), "]");
            case '{':
                _at++;
                return ParseObject();
        }

        return Number() is { } number ? new LiteralNode(number) : ParseWord();
    }

    private JqNode Closed(JqNode node, string symbol)
    {
        Expect(symbol);
        return node;
    }

    private JqNode ParseDot()
    {
        if (Symbol(".."))
        {
            return new CallNode("recurse", [], JqBuiltins.Find("recurse", 0));
        }

        if (_at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]) && Number() is { } number)
        {
            return new LiteralNode(number);
        }

        _at++;
        return _at < _text.Length && (_text[_at] == '"' || IsNamePart(_text[_at])) && Key() is { } key ? new IndexNode(new IdentityNode(), key) : new IdentityNode();
    }

    private JqNode ParseVariable()
    {
        _at++;
        var name = Identifier() ?? throw Unexpected();
        if (name == "__loc__")
        {
            var line = _text.AsSpan(0, _at).TrimEnd().Count('\n') + 1;
            return new LiteralNode(new JqObject(new(StringComparer.Ordinal) { ["file"] = JqValue.Of("<top-level>"), ["line"] = JqValue.Of((double)line) }));
        }

        return name == "ENV" || _variables.Contains(name) ? new VariableNode(name) : throw Undefined("$" + name);
    }

    private JqNode ParseFormat()
    {
        var start = _at++;
        var name = "@" + (Identifier() ?? throw Unexpected());
        if (!JqFormats.TryFind(name, out var format))
        {
            _at = start;
            throw new JqException($"jq: {name} is not a valid format");
        }

        return _at < _text.Length && _text[_at] == '"' ? ParseText(format) : new CallNode(name, [], JqBuiltin.Value(0, (_, input, _) => JqValue.Of(format(input))));
    }

    private JqNode ParseWord()
    {
        if (Word("if"))
        {
            return ParseIf();
        }

        if (Word("try"))
        {
            var body = ParseSuffixes(ParseTerm());
            return new TryNode(body, Word("catch") ? ParseSuffixes(ParseTerm()) : null);
        }

        if (Word("reduce"))
        {
            return ParseFold((source, pattern, parts) => parts.Count == 2 ? new ReduceNode(source, pattern, parts[0], parts[1]) : throw Unexpected());
        }

        if (Word("foreach"))
        {
            return ParseFold((source, pattern, parts) => parts.Count is 2 or 3 ? new ForeachNode(source, pattern, parts[0], parts[1], parts.ElementAtOrDefault(2)) : throw Unexpected());
        }

        if (Word("break"))
        {
            var label = Variable();
            return _variables.Contains("*" + label) ? new BreakNode(label) : throw Undefined("$*label-" + label);
        }

        var start = _at;
        var name = Identifier() ?? throw Unexpected();
        if (Keywords.Contains(name))
        {
            _at = start;
            throw Unexpected();
        }

        return ParseCall(name);
    }

    private JqNode ParseCall(string name)
    {
        List<JqNode> arguments = [];
        if (Symbol("("))
        {
            do
            {
                arguments.Add(ParsePipe());
            }
            while (Symbol(";"));

            Expect(")");
        }

        var full = $"{name}/{arguments.Count}";
        if (IsKnown(full))
        {
            return new CallNode(name, arguments, null);
        }

        if (arguments.Count == 0 && name is "true" or "false" or "null")
        {
            return new LiteralNode(name switch { "true" => JqValue.True, "false" => JqValue.False, _ => JqValue.Null });
        }

        return new CallNode(name, arguments, JqBuiltins.Find(name, arguments.Count) ?? throw Undefined(full));
    }

    private IfNode ParseIf()
    {
        var condition = ParsePipe();
        if (!Word("then"))
        {
            throw Unexpected("then");
        }

        var then = ParsePipe();
        if (Word("elif"))
        {
            return new(condition, then, ParseIf());
        }

        var otherwise = Word("else") ? ParsePipe() : null;
        return Word("end") ? new(condition, then, otherwise) : throw Unexpected("end");
    }

    private JqNode ParseFold(Func<JqNode, JqPattern, List<JqNode>, JqNode> build)
    {
        var source = ParseSuffixes(ParseTerm());
        if (!Word("as"))
        {
            throw Unexpected("as");
        }

        var pattern = ParsePattern();
        Expect("(");
        List<JqNode> parts = [ParsePipe()];
        while (Symbol(";"))
        {
            parts.Add(WithVariables(pattern.Variables, ParsePipe));
        }

        Expect(")");
        return build(source, pattern, parts);
    }
}
