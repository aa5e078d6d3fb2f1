namespace Idflow.Documents.Query;

/// <summary>Text of filter expressions to filters and back.</summary>
internal static class FilterParser
{
    /// <summary>Longer ones first: the first that fits is taken.</summary>
    private static readonly (string Sign, FilterOperator Operator)[] Signs =
    [
        ("===", FilterOperator.Equal), ("=>=", FilterOperator.GreaterOrEqual), ("=<=", FilterOperator.LessOrEqual),
        ("=>", FilterOperator.Greater), ("=<", FilterOperator.Less), ("=!", FilterOperator.NotMatches),
        ("=~", FilterOperator.Regex), ("=", FilterOperator.Matches),
    ];

    public static DocumentFilter Parse(string expression)
    {
        try
        {
            var (key, filterOperator, operand) = Split(expression);
            return new DocumentFilter(key, filterOperator, operand);
        }
        catch (FilterException exception)
        {
            throw new FilterException($"filter '{expression}': {exception.Message}");
        }
    }

    public static string Print(string key, FilterOperator filterOperator, string operand) => filterOperator switch
    {
        FilterOperator.Exists => $"{key}=exists",
        FilterOperator.Missing => $"{key}=missing",
        _ => key + Array.Find(Signs, sign => sign.Operator == filterOperator).Sign + operand,
    };

    private static (string Key, FilterOperator Operator, string Operand) Split(string expression)
    {
        var at = expression.IndexOf('=', StringComparison.Ordinal);
        if (at < 0)
        {
            throw new FilterException("there is no '='. Write 'key=value', 'key=>1', 'key=exists' or another filter of 'doc list --help'.");
        }

        var key = expression[..at];
        if (key.Length == 0)
        {
            throw new FilterException("there is no key before the '='. Write key=value.");
        }

        if (key.Trim().Length != key.Length || key[^1] is '!' or '<' or '>' or '~')
        {
            var meant = key.Trim().TrimEnd('!', '<', '>', '~', ' ');
            var sign = key[^1] switch { '<' => "<=", '>' => ">=", '!' => "!", '~' => "~", _ => "" };
            throw new FilterException($"the key ends at the first '=' without white space, and an operator follows it. Write '{meant}={sign}{expression[(at + 1)..].Trim()}'.");
        }

        var (signText, filterOperator) = Array.Find(Signs, sign => string.CompareOrdinal(expression, at, sign.Sign, 0, sign.Sign.Length) == 0);
        var operand = expression[(at + signText.Length)..];
        return (filterOperator, operand) switch
        {
            (FilterOperator.Matches, "exists") => (key, FilterOperator.Exists, ""),
            (FilterOperator.Matches, "missing") => (key, FilterOperator.Missing, ""),
            _ => (key, filterOperator, Check(key, filterOperator, operand)),
        };
    }

    private static string Check(string key, FilterOperator filterOperator, string operand)
    {
        switch (filterOperator)
        {
            case FilterOperator.Matches when operand.StartsWith('='):
                throw new FilterException($"'==' is not an operator. Write '{key}={operand[1..]}' (wildcards) or '{key}==={operand[1..]}' (literally).");
            case FilterOperator.NotMatches when operand is "exists" or "missing":
                throw new FilterException($"write '{key}={(operand == "exists" ? "missing" : "exists")}'.");
            case FilterOperator.NotMatches when operand.Length > 0 && operand[0] is '=' or '<' or '>' or '~' or '!':
                throw new FilterException($"'!' takes a value, not another operator. For a value that begins with '{operand[0]}' write '{key}=!?{operand[1..]}' ('?' is any character).");
            case FilterOperator.Regex when operand.Length == 0:
                throw new FilterException($"the regular expression after '=~' is missing, like '{key}=~^v[0-9]+'.");
            case FilterOperator.Greater or FilterOperator.GreaterOrEqual or FilterOperator.Less or FilterOperator.LessOrEqual:
                return CheckOrder(key, operand.Trim());
            default:
                return operand;
        }
    }

    private static string CheckOrder(string key, string operand) => operand switch
    {
        "" => throw new FilterException($"there is nothing to compare with, like '{key}=>0.5' or '{key}=<2026-01-01'."),
        ['<' or '>' or '=' or '!' or '~', ..] => throw new FilterException($"the operators are => =>= =< =<= (one of them, then the value), like '{key}=>=1'."),
        _ => operand,
    };
}
