using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Idflow.Engine.Expressions.Paths;

/// <summary>Reads the condition of a filter: <c>||</c> binds weakest, then <c>&amp;&amp;</c>, then <c>!</c> and brackets.</summary>
internal sealed class FilterParser(string text, int at)
{
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromSeconds(1);

    private static readonly (string Text, FilterOperator Operator)[] Symbols =
    [
        ("==", FilterOperator.Equal), ("!=", FilterOperator.NotEqual), ("<=", FilterOperator.LessOrEqual), (">=", FilterOperator.GreaterOrEqual),
        ("=~", FilterOperator.Matches), ("<", FilterOperator.Less), (">", FilterOperator.Greater),
    ];

    private static readonly Dictionary<string, FilterOperator> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["in"] = FilterOperator.In,
        ["nin"] = FilterOperator.NotIn,
        ["subsetof"] = FilterOperator.SubsetOf,
        ["anyof"] = FilterOperator.AnyOf,
        ["noneof"] = FilterOperator.NoneOf,
        ["all"] = FilterOperator.All,
        ["contains"] = FilterOperator.Contains,
        ["size"] = FilterOperator.Size,
        ["empty"] = FilterOperator.Empty,
    };

    private int _at = at;

    /// <summary>Behind what has been read.</summary>
    public int Position => _at;

    /// <summary>A condition in brackets, from the opening one.</summary>
    public FilterExpression ParseGroup()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        _at++;
        var inner = ParseOr();
        SkipBlanks();
        if (Current != ')')
        {
            throw Unexpected();
        }

        _at++;
        return inner;
    }

    private char Current => _at < text.Length ? text[_at] : '\0';

    private FilterExpression ParseOr()
    {
        var left = ParseAnd();
        while (Accept("||"))
        {
            left = new OrFilter(left, ParseAnd());
        }

        return left;
    }

    private FilterExpression ParseAnd()
    {
        var left = ParseUnary();
        while (Accept("&&"))
        {
            left = new AndFilter(left, ParseUnary());
        }

        return left;
    }

    private FilterExpression ParseUnary()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        SkipBlanks();
        if (Current == '!')
        {
            _at++;
            return new NotFilter(ParseUnary());
        }

        return Current == '(' ? ParseGroup() : ParseComparison();
    }

    private FilterExpression ParseComparison()
    {
        var left = ParseOperand();
        SkipBlanks();
        return ParseOperator() is { } known ? new ComparisonFilter(left, known, ParseOperand()) : new ExistsFilter(left);
    }

    private FilterOperator? ParseOperator()
    {
        foreach (var (symbol, known) in Symbols)
        {
            if (Accept(symbol))
            {
                return known;
            }
        }

        var end = _at;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        if (end == _at)
        {
            return null;
        }

        var word = text[_at..end];
        if (!Words.TryGetValue(word, out var named))
        {
            throw new PathException($"'{text}' has the unknown operator '{word}' at position {_at + 1}.");
        }

        _at = end;
        return named;
    }

    private FilterOperand ParseOperand()
    {
        SkipBlanks();
        switch (Current)
        {
            case '@' or '$':
                return ParsePath();
            case '/':
                return new(null, false, null, ParsePattern());
            case '\0':
                throw Unexpected();
            default:
                return new(null, false, PathParser.ReadValue(text, ref _at), null);
        }
    }

    private FilterOperand ParsePath()
    {
        var (isRelative, _, end) = PathParser.ParseEmbedded(text, _at);
        var written = text[_at..end];
        _at = end;
        return JsonPath.TryParse(written, out var path, out var error) ? new(path, isRelative, null, null) : throw new PathException(error);
    }

    /// <summary>The whole text must match, as Java's <c>matches</c> wants.</summary>
    private Regex ParsePattern()
    {
        var start = _at + 1;
        var end = start;
        while (end < text.Length && text[end] != '/')
        {
            end += text[end] == '\\' ? 2 : 1;
        }

        if (end >= text.Length)
        {
            throw new PathException($"'{text}' opens a regular expression at position {_at + 1} and never closes it.");
        }

        _at = end + 1;
        var options = RegexOptions.CultureInvariant;
        for (; char.IsAsciiLetter(Current); _at++)
        {
            options |= Current switch
            {
                'i' => RegexOptions.IgnoreCase,
                'x' => RegexOptions.IgnorePatternWhitespace,
                's' => RegexOptions.Singleline,
                'm' => RegexOptions.Multiline,
                _ => RegexOptions.None,
            };
        }

        try
        {
            return new($@"\A(?:{text[start..end]})\z", options, RegexTimeout);
        }
        catch (ArgumentException exception)
        {
            throw new PathException($"'{text}' has a bad regular expression: {exception.Message}");
        }
    }

    private bool Accept(string symbol)
    {
        SkipBlanks();
        if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) != 0)
        {
            return false;
        }

        _at += symbol.Length;
        return true;
    }

    private void SkipBlanks()
    {
        while (Current == ' ')
        {
            _at++;
        }
    }

    private PathException Unexpected() => _at < text.Length
        ? new($"'{text}' has an unexpected '{text[_at]}' at position {_at + 1}.")
        : new($"'{text}' ends too early.");
}
