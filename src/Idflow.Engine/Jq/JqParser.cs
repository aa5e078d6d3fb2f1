using System.Globalization;
using Idflow.Engine.Expressions;

namespace Idflow.Engine.Jq;

/// <summary>Reads a program. Names are checked here, so that a program with an unknown one fails before it runs.</summary>
internal sealed partial class JqParser
{
    private static readonly (string Symbol, Func<JqValue, JqValue, JqValue> Operation)[] Comparisons =
    [
        ("==", JqArithmetic.Equal), ("!=", JqArithmetic.NotEqual), ("<=", JqArithmetic.LessOrEqual), (">=", JqArithmetic.GreaterOrEqual), ("<", JqArithmetic.Less), (">", JqArithmetic.Greater),
    ];

    private static readonly (string Symbol, Func<JqValue, JqValue, JqValue> Operation)[] Sums = [("+", JqArithmetic.Add), ("-", JqArithmetic.Subtract)];

    private static readonly (string Symbol, Func<JqValue, JqValue, JqValue> Operation)[] Products = [("*", JqArithmetic.Multiply), ("/", JqArithmetic.Divide), ("%", JqArithmetic.Modulo)];

    private static readonly (string Symbol, Func<JqValue, JqValue, JqValue?>? Operation, bool IsUpdate)[] Assignments =
    [
        ("|=", null, true), ("+=", JqArithmetic.Add, false), ("-=", JqArithmetic.Subtract, false), ("*=", JqArithmetic.Multiply, false), ("/=", JqArithmetic.Divide, false),
        ("%=", JqArithmetic.Modulo, false), ("//=", (a, b) => a.IsTrue ? a : b, false), ("=", null, false),
    ];

    private readonly string _text;
    private readonly List<string> _functions = [];
    private readonly List<string> _variables = [];
    private int _at;

    private JqParser(string text) => _text = text;

    /// <exception cref="JqException">The text is no program; the message names the place.</exception>
    public static JqNode Parse(string text)
    {
        var parser = new JqParser(text);
        try
        {
            parser.SkipBlanks();
            var program = parser._at == text.Length ? new IdentityNode() : parser.ParsePipe();
            return parser._at == text.Length ? program : throw parser.Unexpected();
        }
        catch (InsufficientExecutionStackException)
        {
            throw new JqException("The jq program is nested too deeply.");
        }
    }

    private JqNode ParsePipe()
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        if (Word("def"))
        {
            var known = _functions.Count;
            var definition = ParseDefinition();
            SkipBlanks();
            // A program may end with its definitions.
            JqNode rest = _at == _text.Length ? new IdentityNode() : ParsePipe();
            _functions.RemoveRange(known, _functions.Count - known);
            return new DefinitionNode(definition, rest);
        }

        if (Word("label"))
        {
            var name = Variable();
            Expect("|");
            _variables.Add("*" + name);
            var body = ParsePipe();
            _variables.RemoveAt(_variables.Count - 1);
            return new LabelNode(name, body);
        }

        var left = ParseComma();
        return Symbol("|", "|=") ? new PipeNode(left, ParsePipe()) : left;
    }

    private JqNode ParseComma()
    {
        var left = ParseAlternative();
        while (Symbol(","))
        {
            left = new CommaNode(left, ParseAlternative());
        }

        return left;
    }

    private JqNode ParseAlternative()
    {
        var left = ParseAssignment();
        return Symbol("//", "//=") ? new AlternativeNode(left, ParseAlternative()) : left;
    }

    private JqNode ParseAssignment()
    {
        var left = ParseOr();
        foreach (var (symbol, operation, isUpdate) in Assignments)
        {
            if (Symbol(symbol, "=="))
            {
                return new AssignNode(left, ParseAlternative(), operation, isUpdate);
            }
        }

        return left;
    }

    private JqNode ParseOr()
    {
        var left = ParseAnd();
        while (Word("or"))
        {
            left = new LogicNode(left, ParseAnd(), decides: true);
        }

        return left;
    }

    private JqNode ParseAnd()
    {
        var left = ParseComparison();
        while (Word("and"))
        {
            left = new LogicNode(left, ParseComparison(), decides: false);
        }

        return left;
    }

    private JqNode ParseComparison()
    {
        var left = ParseSum();
        foreach (var (symbol, operation) in Comparisons)
        {
            if (Symbol(symbol))
            {
                return new BinaryNode(left, ParseSum(), operation);
            }
        }

        return left;
    }

    private JqNode ParseSum() => ParseLeft(Sums, ParseProduct);

    private JqNode ParseProduct() => ParseLeft(Products, ParseUnary);

    private JqNode ParseLeft((string Symbol, Func<JqValue, JqValue, JqValue> Operation)[] operators, Func<JqNode> operand)
    {
        var left = operand();
        for (var found = true; found;)
        {
            found = false;
            foreach (var (symbol, operation) in operators)
            {
                if (Symbol(symbol, symbol + "=", "//"))
                {
                    left = new BinaryNode(left, operand(), operation);
                    found = true;
                }
            }
        }

        return left;
    }

    private JqNode ParseUnary()
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        return Symbol("-", "-=") ? new NegateNode(ParseUnary()) : ParsePostfix();
    }

    private JqDefinition ParseDefinition()
    {
        var name = Identifier() ?? throw Unexpected();
        List<string> parameters = [];
        if (Symbol("("))
        {
            do
            {
                parameters.Add(Symbol("$") ? "$" + (Identifier() ?? throw Unexpected()) : Identifier() ?? throw Unexpected());
            }
            while (Symbol(";"));

            Expect(")");
        }

        Expect(":");
        _functions.Add($"{name}/{parameters.Count}");
        var (functions, variables) = (_functions.Count, _variables.Count);
        _functions.AddRange(parameters.Select(parameter => parameter.TrimStart('$') + "/0"));
        _variables.AddRange(parameters.Where(parameter => parameter[0] == '$').Select(parameter => parameter[1..]));
        var body = ParsePipe();
        Expect(";");
        _functions.RemoveRange(functions, _functions.Count - functions);
        _variables.RemoveRange(variables, _variables.Count - variables);
        return new(name, parameters, body);
    }

    private bool IsKnown(string function) => _functions.Contains(function);

    private string Variable()
    {
        Expect("$");
        return Identifier() ?? throw Unexpected();
    }

    /// <summary>A keyword at this place; not the beginning of a longer name.</summary>
    private bool Word(string word)
    {
        SkipBlanks();
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0 || (_at + word.Length < _text.Length && IsNamePart(_text[_at + word.Length])))
        {
            return false;
        }

        _at += word.Length;
        SkipBlanks();
        return true;
    }

    /// <summary>A symbol at this place that is not the beginning of one of the longer ones.</summary>
    private bool Symbol(string symbol, params ReadOnlySpan<string> longer)
    {
        SkipBlanks();
        if (!Ahead(symbol))
        {
            return false;
        }

        foreach (var other in longer)
        {
            if (Ahead(other) && other.Length > symbol.Length)
            {
                return false;
            }
        }

        _at += symbol.Length;
        SkipBlanks();
        return true;
    }

    private bool Ahead(string text) => string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0;

    private void Expect(string symbol)
    {
        if (!Symbol(symbol))
        {
            throw Unexpected(symbol);
        }
    }

    private string? Identifier()
    {
        SkipBlanks();
        var start = _at;
        while (_at < _text.Length && (IsNamePart(_text[_at]) || (Ahead("::") && _at > start)))
        {
            _at += Ahead("::") ? 2 : 1;
        }

        if (_at == start || char.IsAsciiDigit(_text[start]))
        {
            _at = start;
            return null;
        }

        var name = _text[start.._at];
        SkipBlanks();
        return name;
    }

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private JqNumber? Number()
    {
        var start = _at;
        var end = _at;
        while (end < _text.Length && (char.IsAsciiDigit(_text[end]) || _text[end] == '.'))
        {
            end++;
        }

        if (end > start && end < _text.Length && _text[end] is 'e' or 'E')
        {
            var exponent = end + 1 < _text.Length && _text[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (exponent < _text.Length && char.IsAsciiDigit(_text[exponent]))
            {
                end = exponent;
                while (end < _text.Length && char.IsAsciiDigit(_text[end]))
                {
                    end++;
                }
            }
        }

        if (end == start || !double.TryParse(_text.AsSpan(start, end - start), NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            return null;
        }

        _at = end;
        return JqJson.Number(_text[start..end]);
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length)
        {
            if (_text[_at] == '#')
            {
                _at = _text.IndexOf('\n', _at) is var end and >= 0 ? end : _text.Length;
            }
            else if (!char.IsWhiteSpace(_text[_at]))
            {
                return;
            }
            else
            {
                _at++;
            }
        }
    }

    private JqException Unexpected(string? wanted = null)
    {
        var before = _text.AsSpan(0, Math.Min(_at, _text.Length));
        var line = before.Count('\n') + 1;
        var column = _at - before.LastIndexOf('\n');
        var found = _at < _text.Length ? $"'{_text[_at]}'" : "the end";
        return new($"jq: syntax error at line {line}, column {column}: unexpected {found}{(wanted is null ? "" : $", expected '{wanted}'")}");
    }

    private JqException Undefined(string name) => new($"jq: error: {name} is not defined at line {_text.AsSpan(0, _at).Count('\n') + 1}");
}
