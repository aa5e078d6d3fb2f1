using System.Globalization;
using System.Text.RegularExpressions;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Search;

/// <summary>
/// Conductor's search requests. <c>query</c>: conditions <c>field = value</c>, <c>&gt;</c>, <c>&lt;</c>, <c>&gt;=</c>, <c>&lt;=</c> or <c>field IN (a,b)</c> joined
/// by <c> AND </c>, values with or without quotes, <c>*</c> in a value for any text. <c>sort</c>: <c>field:ASC</c> or <c>field:DESC</c>
/// joined by <c>|</c>. Conditions and orders over fields that are not there are left out, as Conductor does.
/// </summary>
internal static partial class SearchLanguage
{
    private static readonly HashSet<string> WorkflowFields = new(StringComparer.Ordinal)
    {
        "workflowId", "workflowType", "version", "correlationId", "idempotencyKey", "status", "startTime", "endTime", "updateTime", "modifiedTime", "parentWorkflowId", "priority", "classifier",
    };

    private static readonly HashSet<string> TaskFields = new(StringComparer.Ordinal)
    {
        "taskId", "taskType", "taskDefName", "workflowId", "workflowType", "workflowName", "status", "scheduledTime", "startTime", "endTime", "updateTime",
    };

    private static readonly HashSet<string> ScheduleFields = new(StringComparer.Ordinal)
    {
        "executionId", "scheduleName", "workflowName", "workflowType", "workflowId", "state", "status", "scheduledTime", "executionTime", "startTime", "reason",
    };

    [GeneratedRegex(@"^(?<field>[\w.]+)\s*(?:(?<operator>[<>]=?|=)|\s(?<in>IN)\b)\s*(?<value>.*)$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex ConditionPattern();

    /// <exception cref="ConductorException">400 for a condition that cannot be read.</exception>
    public static SearchCriteria ReadWorkflowSearch(SearchRequest request) => Read(request, WorkflowFields);

    /// <inheritdoc cref="ReadWorkflowSearch"/>
    public static SearchCriteria ReadTaskSearch(SearchRequest request) => Read(request, TaskFields);

    /// <inheritdoc cref="ReadWorkflowSearch"/>
    public static SearchCriteria ReadScheduleSearch(SearchRequest request) => Read(request, ScheduleFields);

    private static SearchCriteria Read(SearchRequest request, HashSet<string> fields) => new(
        [.. Conditions(request.Query ?? "").Select(Condition).Where(condition => fields.Contains(condition.Field))],
        string.IsNullOrWhiteSpace(request.FreeText) || request.FreeText.Trim() == "*" ? null : request.FreeText.Trim(),
        [.. (request.Sort ?? "").Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Sort).Where(sort => fields.Contains(sort.Field))],
        Math.Max(0, request.Start), Math.Max(0, request.Size));

    /// <summary>The query cut at each <c> AND </c> that stands outside of quotes.</summary>
    private static IEnumerable<string> Conditions(string query)
    {
        const string And = " AND ";
        var start = 0;
        var quote = '\0';
        for (var i = 0; i < query.Length; i++)
        {
            if (query[i] is '\'' or '"' && (quote == '\0' || quote == query[i]))
            {
                quote = quote == '\0' && query.IndexOf(query[i], i + 1) > 0 ? query[i] : '\0';
            }
            else if (quote == '\0' && string.Compare(query, i, And, 0, And.Length, StringComparison.OrdinalIgnoreCase) == 0)
            {
                if (!string.IsNullOrWhiteSpace(query[start..i]))
                {
                    yield return query[start..i].Trim();
                }

                start = i + And.Length;
                i = start - 1;
            }
        }

        if (!string.IsNullOrWhiteSpace(query[start..]))
        {
            yield return query[start..].Trim();
        }
    }

    private static SearchCondition Condition(string text)
    {
        var match = ConditionPattern().Match(text);
        if (!match.Success)
        {
            throw ConductorException.BadRequest($"The condition '{text}' of the search cannot be read. Write field = value, field > value, field < value or field IN (a,b), joined by AND.");
        }

        var (field, value) = (match.Groups["field"].Value, match.Groups["value"].Value.Trim());
        if (match.Groups["in"].Success)
        {
            return new(field, SearchOperator.In, [.. Values(value.Trim('(', ')'))]);
        }

        var bound = Unquoted(value);
        return match.Groups["operator"].Value switch
        {
            "=" => new(field, SearchOperator.Equal, [bound]),
            ">" => new(field, SearchOperator.Greater, [bound]),
            "<" => new(field, SearchOperator.Less, [bound]),
            ">=" => new(field, SearchOperator.Greater, [Moved(bound, -1)]),
            _ => new(field, SearchOperator.Less, [Moved(bound, 1)]),
        };
    }

    /// <summary>Compared fields are whole numbers: at least 5 is more than 4.</summary>
    private static string Moved(string bound, long by) =>
        long.TryParse(bound, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? (number + by).ToString(CultureInfo.InvariantCulture) : bound;

    private static IEnumerable<string> Values(string list) => list.Split(',').Select(Unquoted).Where(value => value.Length > 0);

    private static string Unquoted(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Length >= 2 && trimmed[0] is '\'' or '"' && trimmed[^1] == trimmed[0] ? trimmed[1..^1] : trimmed.Trim('\'', '"');
    }

    private static SearchSort Sort(string text) =>
        text.Split(':', 2, StringSplitOptions.TrimEntries) is [var field, var order] ? new(field, order.Equals("DESC", StringComparison.OrdinalIgnoreCase)) : new(text, false);
}
