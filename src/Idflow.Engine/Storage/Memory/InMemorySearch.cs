using Idflow.Engine.Definitions;
using Idflow.Engine.State;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Storage.Memory;

/// <summary>Searches over rows in memory, field by field.</summary>
internal static class InMemorySearch
{
    public static SearchPage Page<T>(SearchCriteria criteria, IEnumerable<T> rows, Func<T, string> id, Func<T, string, object?> field, Func<T, string> text)
    {
        var found = rows.Where(row => criteria.Conditions.All(condition => Holds(condition, field(row, condition.Field)))
            && (criteria.FreeText is null || text(row).Contains(criteria.FreeText, StringComparison.OrdinalIgnoreCase))).ToList();
        IOrderedEnumerable<T> sorted = found.OrderBy(_ => 0);
        foreach (var sort in criteria.Sort)
        {
            sorted = sort.Descending ? sorted.ThenByDescending(row => field(row, sort.Field), Ordinal) : sorted.ThenBy(row => field(row, sort.Field), Ordinal);
        }
        return new SearchPage(found.Count, [.. sorted.Skip(criteria.Start).Take(criteria.Size).Select(id)]);
    }

    public static object? WorkflowField(WorkflowRow row, string field) => field switch
    {
        "workflowId" => row.WorkflowId,
        "workflowType" => row.Name,
        "version" => (long)row.Version,
        "correlationId" => row.CorrelationId,
        "status" => row.Status.ToString(),
        "startTime" => row.CreateTime,
        "endTime" => row.EndTime,
        "updateTime" or "modifiedTime" => row.UpdateTime,
        "idempotencyKey" => row.IdempotencyKey,
        "parentWorkflowId" => row.ParentWorkflowId ?? "",
        "priority" => (long)row.Priority,
        "classifier" => row.Classifier ?? Classifier.Default,
        _ => null,
    };

    public static object? TaskField(TaskRow row, string field) => field switch
    {
        "taskId" => row.TaskId,
        "taskType" => row.TaskType,
        "taskDefName" => row.TaskDefName,
        "workflowId" => row.WorkflowId,
        "workflowType" or "workflowName" => row.WorkflowType,
        "status" => row.Status.ToString(),
        "scheduledTime" => row.ScheduledTime,
        "startTime" => row.StartTime,
        "endTime" => row.EndTime,
        "updateTime" => row.UpdateTime,
        _ => null,
    };

    public static object? ScheduleField(ScheduleExecution run, string field) => field switch
    {
        "executionId" => run.ExecutionId,
        "scheduleName" => run.ScheduleName,
        "workflowName" or "workflowType" => run.WorkflowName,
        "workflowId" => run.WorkflowId,
        "state" or "status" => run.State,
        "scheduledTime" => run.ScheduledTime,
        "executionTime" or "startTime" => run.ExecutionTime,
        "reason" => run.Reason,
        _ => null,
    };

    public static string ScheduleText(ScheduleExecution run) => string.Join('\n', run.ExecutionId, run.ScheduleName, run.WorkflowName, run.WorkflowId, run.State, run.Reason);

    public static string WorkflowText(WorkflowRow row) =>
        string.Join('\n', row.WorkflowId, row.Name, row.CorrelationId, row.Status, row.Reason, Json(row.Input), Json(row.Output));

    public static string TaskText(TaskRow row) =>
        string.Join('\n', row.TaskId, row.TaskType, row.TaskDefName, row.WorkflowId, row.WorkflowType, row.Status, row.Reason, Json(row.Input), Json(row.Output));

    private static readonly Comparer<object?> Ordinal = Comparer<object?>.Create((left, right) =>
        left is string a && right is string b ? string.CompareOrdinal(a, b) : Comparer<object?>.Default.Compare(left, right));

    private static string Json(JsonObject payload) => payload.ToJsonString(ConductorJson.Wire);

    private static bool Holds(SearchCondition condition, object? value) => condition.Operator switch
    {
        SearchOperator.Equal or SearchOperator.In => condition.Values.Any(wanted => Matches(wanted, Text(value))),
        SearchOperator.Greater => Number(value) > Number(condition.Values[0]),
        SearchOperator.Less => Number(value) < Number(condition.Values[0]),
        _ => false,
    };

    private static bool Matches(string wanted, string value) => wanted.Contains('*', StringComparison.Ordinal)
        ? Regex.IsMatch(value, "^" + Regex.Escape(wanted).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.Singleline | RegexOptions.NonBacktracking)
        : wanted == value;

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static double Number(object? value) => double.TryParse(Text(value), CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
