using System.Text.Json.Nodes;
using Idflow.Workers;

namespace Idflow.Tasks.StageTasks;

/// <summary>
/// The tasks that a stage workflow forks into. Their parameters are expressions of the stage workflow, resolved there once: what a
/// document says is never taken for an expression.
/// </summary>
internal static class StagePlan
{
    /// <returns><c>dynamicTasks</c> and <c>dynamicTasksInput</c> run the workflows, <c>persistTasks</c> and <c>persistTasksInput</c> store their results.</returns>
    public static JsonObject Of(string stageName, int stageCounter, JsonArray workflows)
    {
        var run = new JsonArray();
        var persist = new JsonArray();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var references = new HashSet<string>(StringComparer.Ordinal);
        foreach (var workflow in workflows)
        {
            if (workflow is not JsonObject definition || (string?)definition["name"] is not { Length: > 0 } name)
            {
                throw TaskFailedException.Terminal($"Input 'workflows' of stage '{stageName}' run {stageCounter}: every entry needs a 'name'.");
            }

            var result = Unused(name, names);
            var reference = Unused($"wf_{Reference(result)}", references);
            run.Add(SubWorkflow(definition, name, reference));
            persist.Add(PersistTask(result, reference));
        }

        return new JsonObject
        {
            ["dynamicTasks"] = run,
            ["dynamicTasksInput"] = new JsonObject(),
            ["persistTasks"] = persist,
            ["persistTasksInput"] = new JsonObject(),
        };
    }

    private static JsonObject SubWorkflow(JsonObject definition, string name, string reference)
    {
        var input = new JsonObject
        {
            ["docId"] = "${workflow.input.docId}",
            ["stageName"] = "${workflow.input.stageName}",
            ["stageCounter"] = "${workflow.input.stageCounter}",
            ["doc"] = "${workflow.input.doc}",
            ["correlationId"] = (string?)definition["correlationId"] ?? "${workflow.input.correlationId}",
        };
        foreach (var (key, value) in definition["inputs"] as JsonObject ?? [])
        {
            input[key] = value?.DeepClone();
        }

        var parameters = new JsonObject { ["name"] = name };
        if (definition["version"] is { } version)
        {
            parameters["version"] = version.DeepClone();
        }

        return new JsonObject
        {
            ["name"] = name,
            ["taskReferenceName"] = reference,
            ["type"] = "SUB_WORKFLOW",
            ["subWorkflowParam"] = parameters,
            ["inputParameters"] = input,
        };
    }

    private static JsonObject PersistTask(string result, string reference) => new()
    {
        ["name"] = "persist_stage_sub_wf_result",
        ["taskReferenceName"] = $"persist_{reference}",
        ["type"] = "SIMPLE",
        ["inputParameters"] = new JsonObject
        {
            ["docId"] = "${workflow.input.docId}",
            ["stageName"] = "${workflow.input.stageName}",
            ["stageCounter"] = "${workflow.input.stageCounter}",
            ["resultName"] = result,
            ["output"] = $"${{{reference}.output}}",
        },
    };

    /// <summary>The name, or <c>name_2</c> where a stage runs a workflow twice.</summary>
    private static string Unused(string name, HashSet<string> names)
    {
        var result = name;
        for (var number = 2; !names.Add(result); number++)
        {
            result = $"{name}_{number}";
        }

        return result;
    }

    /// <summary>Letters, digits and single underscores: what expressions can name, and what a loop's suffix does not cut.</summary>
    private static string Reference(string name)
    {
        var letters = name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_').ToArray();
        return string.Join('_', new string(letters).Split('_', StringSplitOptions.RemoveEmptyEntries));
    }
}
