using Idflow.Engine.Storage.Payloads;
using System.Globalization;
using System.Text;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>A table that can be searched: the columns of its fields, and of its free text.</summary>
internal sealed record SearchTable(string Name, string Payloads, IReadOnlyDictionary<string, string> Fields, IReadOnlySet<string> Numbers, IReadOnlyList<string> TextColumns)
{
    public static readonly SearchTable Workflows = new("workflow", "workflow_payload",
        new Dictionary<string, string>
        {
            ["workflowId"] = "t.id",
            ["workflowType"] = "t.name",
            ["version"] = "t.version",
            ["correlationId"] = "t.correlation",
            ["status"] = "t.status",
            ["startTime"] = "t.created",
            ["endTime"] = "t.ended",
            ["updateTime"] = "t.updated",
            ["parentWorkflowId"] = "ifnull(t.parent, '')",
            ["priority"] = "t.priority",
            ["classifier"] = "'workflow'",
        },
        new HashSet<string> { "version", "startTime", "endTime", "updateTime", "priority" },
        ["t.id", "t.name", "t.correlation", "t.status", "t.reason"]);

    public static readonly SearchTable Tasks = new("task", "task_payload",
        new Dictionary<string, string>
        {
            ["taskId"] = "t.id",
            ["taskType"] = "t.type",
            ["taskDefName"] = "t.definition",
            ["workflowId"] = "t.workflow",
            ["workflowType"] = "t.workflow_name",
            ["status"] = "t.status",
            ["scheduledTime"] = "t.scheduled",
            ["startTime"] = "t.started",
            ["endTime"] = "t.ended",
            ["updateTime"] = "t.updated",
        },
        new HashSet<string> { "scheduledTime", "startTime", "endTime", "updateTime" },
        ["t.id", "t.type", "t.definition", "t.workflow", "t.workflow_name", "t.status", "t.reason"]);
}

/// <summary>
/// A search as SQL. Values are bound, never written into the text. Free text is looked for row by row among those that the
/// conditions leave, in the columns and in the decoded payloads.
/// </summary>
internal sealed class SqliteSearch(Database database, SearchTable table, PayloadFiles files)
{
    private readonly StringBuilder _where = new(" WHERE 1");
    private readonly List<object> _values = [];

    public SearchPage Run(SearchCriteria criteria)
    {
        foreach (var condition in criteria.Conditions)
        {
            if (table.Fields.TryGetValue(condition.Field, out var column))
            {
                _where.Append(" AND ").Append(Condition(condition, column));
            }
        }

        var order = string.Concat(criteria.Sort.Where(sort => table.Fields.ContainsKey(sort.Field)).Select(sort => $"{table.Fields[sort.Field]} {(sort.Descending ? "DESC" : "ASC")}, "));
        return criteria.FreeText is { } text ? RunWithText(criteria, order, text) : RunIndexed(criteria, order);
    }

    private SearchPage RunIndexed(SearchCriteria criteria, string order)
    {
        var total = Bound($"SELECT count(*) FROM {table.Name} t{_where}").First(row => row.Number(0));
        var ids = Bound($"SELECT t.id FROM {table.Name} t{_where} ORDER BY {order}t.seq LIMIT ? OFFSET ?")
            .Bind(Math.Max(0, criteria.Size)).Bind(Math.Max(0, criteria.Start)).Rows(row => row.Text(0)!);
        return new(total, ids);
    }

    private SearchPage RunWithText(SearchCriteria criteria, string order, string text)
    {
        var columns = table.TextColumns.Count;
        var sql = $"""
            SELECT {string.Join(", ", table.TextColumns)},
              coalesce(t.input, (SELECT data FROM {table.Payloads} WHERE owner = t.seq AND part = 1)),
              coalesce(t.output, (SELECT data FROM {table.Payloads} WHERE owner = t.seq AND part = 2))
            FROM {table.Name} t{_where} ORDER BY {order}t.seq
            """;
        long total = 0;
        List<string> ids = [];
        Bound(sql).ForEach(row =>
        {
            var holds = Payload(row, columns, text) || Payload(row, columns + 1, text);
            for (var i = 0; i < columns && !holds; i++)
            {
                holds = row.Text(i)?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
            }

            if (holds)
            {
                if (total >= criteria.Start && ids.Count < criteria.Size)
                {
                    ids.Add(row.Text(0)!);
                }

                total++;
            }

            return true;
        });
        return new(total, ids);
    }

    private bool Payload(Statement row, int column, string text) =>
        row.Bytes(column) is { IsEmpty: false } blob
            ? Encoding.UTF8.GetString(BlobCodec.Decode(PayloadReference.NameIn(blob) is { } name ? files.Read(name) : blob)).Contains(text, StringComparison.OrdinalIgnoreCase)
            : "{}".Contains(text, StringComparison.Ordinal);

    private string Condition(SearchCondition condition, string column)
    {
        var isNumber = table.Numbers.Contains(condition.Field);
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

    private Statement Bound(string sql)
    {
        var statement = database.Sql(sql);
        foreach (var value in _values)
        {
            _ = value switch { long number => statement.Bind(number), double number => statement.Bind(number), _ => statement.Bind((string)value) };
        }

        return statement;
    }
}
