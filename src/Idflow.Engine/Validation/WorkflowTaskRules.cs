using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions.Operators;
using Idflow.Scripting;

namespace Idflow.Engine.Validation;

/// <summary>Checks of the entries of a definition, at every level: fields that all need, and those that a type needs.</summary>
internal sealed class WorkflowTaskRules(IScriptEvaluator scripts, Func<string, TaskDef?> taskDefs)
{
    private static readonly string[] EndStatuses = ["COMPLETED", "FAILED", "TERMINATED"];

    public void Check(string path, IReadOnlyList<WorkflowTask> tasks, ErrorList errors)
    {
        for (var i = 0; i < tasks.Count; i++)
        {
            Check($"{path}[{i}]", tasks[i], errors);
        }
    }

    private void Check(string path, WorkflowTask task, ErrorList errors)
    {
        errors.Required($"{path}.name", task.Name, "WorkflowTask name cannot be empty or null");
        errors.Required($"{path}.taskReferenceName", task.TaskReferenceName, "WorkflowTask taskReferenceName name cannot be empty or null");
        errors.AtLeast($"{path}.startDelay", task.StartDelay, 0, "must be greater than or equal to 0");
        foreach (var message in CheckType(task))
        {
            errors.Add(path, message);
        }

        foreach (var (name, branch) in task.DecisionCases)
        {
            Check($"{path}.decisionCases[{name}].<map value>", branch, errors);
        }

        Check($"{path}.defaultCase", task.DefaultCase, errors);
        for (var i = 0; i < task.ForkTasks.Count; i++)
        {
            Check($"{path}.forkTasks[{i}].<list element>", task.ForkTasks[i], errors);
        }

        Check($"{path}.loopOver", task.LoopOver, errors);
    }

    private IEnumerable<string> CheckType(WorkflowTask task) => task.Type switch
    {
        TaskTypes.Event => Needs(task, (task.Sink, "sink")),
        TaskTypes.Dynamic => Needs(task, (task.DynamicTaskNameParam, "dynamicTaskNameParam")),
        TaskTypes.SubWorkflow => Needs(task, (task.SubWorkflowParam, "subWorkflowParam")),
        TaskTypes.DoWhile => Needs(task, (task.LoopCondition, "loopCondition"), (task.LoopOver is { Count: > 0 } ? task.LoopOver : null, "loopOver")),
        TaskTypes.Decision => [.. Needs(task, (task.CaseValueParam ?? task.CaseExpression, "caseValueParam or caseExpression")), .. NeedsCases(task)],
        TaskTypes.Switch => [.. Needs(task, (task.EvaluatorType, "evaluatorType"), (task.Expression, "expression")), .. NeedsCases(task), .. CheckScript(task)],
        TaskTypes.ForkJoin when task.ForkTasks.Count == 0 => [NeedsOne("forkTasks", task)],
        TaskTypes.ForkJoinDynamic => CheckDynamicFork(task),
        TaskTypes.Terminate => CheckTerminate(task),
        TaskTypes.Http => NeedsInput(task, "inputParameters.http_request or inputParameters.uri", "http_request", "uri", "method"),
        TaskTypes.KafkaPublish => NeedsInput(task, "inputParameters.kafka_request", "kafka_request"),
        TaskTypes.JsonJqTransform => NeedsInput(task, "inputParameters.queryExpression", "queryExpression"),
        TaskTypes.Wait => CheckWait(task),
        _ => [],
    };

    private static IEnumerable<string> Needs(WorkflowTask task, params (object? Value, string Field)[] fields) =>
        fields.Where(field => field.Value is null).Select(field => IsRequired(field.Field, task));

    private static IEnumerable<string> NeedsCases(WorkflowTask task) => task.DecisionCases.Count == 0 ? [NeedsOne("decisionCases", task)] : [];

    private static string IsRequired(string field, WorkflowTask task) => $"{field} field is required for taskType: {task.Type} taskName: {task.Name}";

    private static string NeedsOne(string field, WorkflowTask task) => $"{field} should have atleast one task for taskType: {task.Type} taskName: {task.Name}";

    private IEnumerable<string> CheckScript(WorkflowTask task)
    {
        if (task.EvaluatorType is not ("javascript" or "graaljs") || string.IsNullOrWhiteSpace(task.Expression))
        {
            return [];
        }

        try
        {
            scripts.CheckSyntax(task.Expression);
            return [];
        }
        catch (ScriptException exception)
        {
            return [$"Expression is not well formatted: {exception.Message}, taskType: {task.Type} taskName: {task.Name}"];
        }
    }

    private static IEnumerable<string> CheckDynamicFork(WorkflowTask task)
    {
        if (task.DynamicForkJoinTasksParam is not null)
        {
            return task.DynamicForkTasksParam is null && task.DynamicForkTasksInputParamName is null
                ? []
                : [$"dynamicForkJoinTasksParam or combination of dynamicForkTasksInputParamName and dynamicForkTasksParam cam be used for taskType: {task.Type} taskName: {task.Name}"];
        }

        return task.InputParameters.ContainsKey("forkTaskInputs")
            ? []
            : Needs(task, (task.DynamicForkTasksParam, "dynamicForkTasksParam"), (task.DynamicForkTasksInputParamName, "dynamicForkTasksInputParamName"));
    }

    private static IEnumerable<string> CheckTerminate(WorkflowTask task)
    {
        if (task.Optional)
        {
            yield return $"terminate task cannot be optional, taskName: {task.Name}";
        }

        if (!EndStatuses.Contains(task.InputParameters["terminationStatus"]?.ToString()))
        {
            yield return $"terminate task must have an terminationStatus parameter and must be set to COMPLETED or FAILED, taskName: {task.Name}";
        }
    }

    /// <summary>One of the keys among the inputs, or in the template of the task's definition.</summary>
    private IEnumerable<string> NeedsInput(WorkflowTask task, string field, params string[] keys)
    {
        var template = (task.TaskDefinition ?? (task.Name is null ? null : taskDefs(task.Name)))?.InputTemplate;
        return keys.Any(key => task.InputParameters.ContainsKey(key) || template?.ContainsKey(key) == true) ? [] : [IsRequired(field, task)];
    }

    private static IEnumerable<string> CheckWait(WorkflowTask task)
    {
        var (duration, until) = (Literal(task, "duration"), Literal(task, "until"));
        if (duration is not null && until is not null)
        {
            yield return "Both 'duration' and 'until' specified. Please provide only one input";
        }
        else if (duration is not null && !IsExpression(duration) && WaitTime.Duration(duration) is null)
        {
            yield return "Either date or duration is passed as null ";
        }
        else if (until is not null && !IsExpression(until) && WaitTime.Until(until) is null)
        {
            yield return "Unable to parse date ";
        }
    }

    private static string? Literal(WorkflowTask task, string key) => task.InputParameters[key] is JsonValue value && value.ToString() is var text && !string.IsNullOrWhiteSpace(text) ? text : null;

    private static bool IsExpression(string text) => text.StartsWith("${", StringComparison.Ordinal) && text.EndsWith('}');
}
