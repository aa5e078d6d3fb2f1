using System.Globalization;
using System.Text;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>The conditions and the order of a search as SQL. Values are bound, never written into the text.</summary>
internal sealed class SearchSql
{
    private readonly SearchTable _table;
    private readonly List<object> _values = [];

    public SearchSql(SearchTable table, SearchCriteria criteria)
    {
        _table = table;
        var where = new StringBuilder(" WHERE 1");
        foreach (var condition in criteria.Conditions)
        {
            if (table.Fields.TryGetValue(condition.Field, out var column))
            {
                where.Append(" AND ").Append(Condition(condition, column));
                HasConditions = true;
            }
        }

        Where = where.ToString();
        Order = string.Concat(criteria.Sort.Where(sort => table.Fields.ContainsKey(sort.Field)).Select(sort => $"{table.Fields[sort.Field]} {(sort.Descending ? "DESC" : "ASC")}, ")) + "t.seq";
    }

    public bool HasConditions { get; }

    public string Where { get; }

    /// <summary>As <see cref="Where"/>, in a form that no index is chosen for: one that gives the order is left to be.</summary>
    public string Filter => Where.Replace("t.", "+t.", StringComparison.Ordinal);

    public string Order { get; }

    /// <param name="sql">Its first parameters are those of the conditions.</param>
    public Statement Bound(Database database, string sql)
    {
        var statement = database.Sql(sql);
        foreach (var value in _values)
        {
            _ = value switch { long number => statement.Bind(number), double number => statement.Bind(number), _ => statement.Bind((string)value) };
        }

        return statement;
    }

    private string Condition(SearchCondition condition, string column)
    {
        var isNumber = _table.Numbers.Contains(condition.Field);
        switch (condition.Operator)
        {
            case SearchOperator.Greater or SearchOperator.Less:
                if (!isNumber || condition.Values is not [var bound, ..] || !double.TryParse(bound, CultureInfo.InvariantCulture, out var number))
                {
                    return "0";
                }

                _values.Add(number);
                return $"{column} {(condition.Operator == SearchOperator.Greater ? '>' : '<')} ?";
            default:
                return condition.Values.Count == 0 ? "0" : $"({string.Join(" OR ", condition.Values.Select(value => Matches(column, value, isNumber)))})";
        }
    }

    private string Matches(string column, string value, bool isNumber)
    {
        if (value.Contains('*', StringComparison.Ordinal))
        {
            _values.Add(value.Replace("[", "[[]", StringComparison.Ordinal).Replace("?", "[?]", StringComparison.Ordinal));
            return $"ifnull({column}, '') GLOB ?";
        }

        if (!isNumber)
        {
            _values.Add(value);
            return value.Length == 0 ? $"ifnull({column}, '') = ?" : $"{column} = ?";
        }

        if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return "0";
        }

        _values.Add(number);
        return $"{column} = ?";
    }
}
