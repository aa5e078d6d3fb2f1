using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Expressions;
using Idflow.Engine.Expressions.Paths;

namespace Idflow.Engine.Validation;

/// <summary>
/// Reference names are unique over all levels; expressions in the inputs of top-level tasks are paths that begin with a name
/// that exists. Inputs are looked at only when the names are in order.
/// </summary>
internal sealed class ReferenceRules(Func<string, bool>? isSystemVariable)
{
    private static readonly HashSet<string> ReservedNames = new(StringComparer.Ordinal) { "CPEWF_TASK_ID", "NETFLIX_ENV", "NETFLIX_STACK" };

    public void Check(string path, WorkflowDef definition, ErrorList errors)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        var unique = true;
        foreach (var task in All(definition.Tasks))
        {
            if (task.TaskReferenceName is { } name && !names.Add(name))
            {
                unique = false;
                errors.Add(path, $"taskReferenceName: {name} should be unique across tasks for a given workflowDefinition: {definition.Name}");
            }
        }

        if (!unique)
        {
            return;
        }

        foreach (var task in definition.Tasks)
        {
            foreach (var message in CheckValue("", task.InputParameters, task.Name, names))
            {
                errors.Add(path, message);
            }
        }
    }

    private static IEnumerable<WorkflowTask> All(IEnumerable<WorkflowTask> tasks)
    {
        foreach (var task in tasks)
        {
            yield return task;
            var nested = task.DecisionCases.Values.SelectMany(branch => branch).Concat(task.DefaultCase).Concat(task.ForkTasks.SelectMany(branch => branch)).Concat(task.LoopOver);
            foreach (var inner in All(nested))
            {
                yield return inner;
            }
        }
    }

    /// <param name="key">The nearest map key above the value.</param>
    private IEnumerable<string> CheckValue(string key, JsonNode? value, string? task, HashSet<string> names) => value switch
    {
        JsonObject map => map.SelectMany(entry => CheckValue(entry.Key, entry.Value, task, names)),
        JsonArray list => list.SelectMany(item => CheckValue(key, item, task, names)),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => CheckText(key, TextTemplate.Parse(text.GetValue<string>()), task, names),
        _ => [],
    };

    private IEnumerable<string> CheckText(string key, TextTemplate template, string? task, HashSet<string> names)
    {
        foreach (var expression in template.Parts.OfType<ExpressionPart>())
        {
            if (expression.Nested is { } nested)
            {
                foreach (var message in CheckText(key, nested, task, names))
                {
                    yield return message;
                }
            }
            else if (CheckExpression(key, expression, task, names) is { } message)
            {
                yield return message;
            }
        }
    }

    private string? CheckExpression(string key, ExpressionPart expression, string? task, HashSet<string> names)
    {
        var body = expression.Body;
        if (body.Length == 0 || body.Trim() != body || !JsonPath.TryParse(body, out _, out _))
        {
            return $"key: {key} input parameter value: {body} is not valid";
        }

        var name = body.Split('.')[0];
        return name == "workflow" || names.Contains(name) || ReservedNames.Contains(body) || isSystemVariable?.Invoke(body) == true
            ? null
            : $"taskReferenceName: {name} for given task: {task} input value: {key} of input parameter: {expression.Written} is not defined in workflow definition.";
    }
}
