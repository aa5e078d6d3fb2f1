using System.Text.Json.Nodes;
using Idflow.Workers;

namespace Idflow.Tasks.StageTasks;

/// <summary>
/// The branches that a stage workflow forks into: for each workflow of the stage a <c>stage_sub_workflow</c>, which runs it and stores its
/// result. What is planned travels by reference and is resolved once, where it is used: what a document says is never taken for an expression.
/// </summary>
internal static class StagePlan
{
    /// <summary>The reference name of a stage's workflow inside its <c>stage_sub_workflow</c>.</summary>
    private const string Inner = "run";

    private static readonly string[] Passed = ["docId", "stageName", "stageCounter", "doc", "correlationId"];

    /// <returns><c>dynamicTasks</c> and <c>dynamicTasksInput</c> are the branches; <c>branches</c> holds by reference what each one runs.</returns>
    public static JsonObject Of(string stageName, int stageCounter, JsonArray workflows)
    {
        var run = new JsonArray();
        var branches = new JsonObject();
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
            run.Add(Branch(result, reference));
            branches[reference] = new JsonArray(SubWorkflow(definition, name));
        }

        return new JsonObject
        {
            ["dynamicTasks"] = run,
            ["dynamicTasksInput"] = new JsonObject(),
            ["branches"] = branches,
        };
    }

    /// <summary>Permissive: when one fails, the others still come to their end and keep what they made; then the stage fails.</summary>
    private static JsonObject Branch(string result, string reference)
    {
        var input = new JsonObject(Passed.Select(key => KeyValuePair.Create(key, (JsonNode?)$"${{workflow.input.{key}}}")))
        {
            ["resultName"] = result,
            ["dynamicTasks"] = $"${{prepare.output.branches.{reference}}}",
        };
        return new JsonObject
        {
            ["name"] = result,
            ["taskReferenceName"] = reference,
            ["type"] = "SUB_WORKFLOW",
            ["permissive"] = true,
            ["subWorkflowParam"] = new JsonObject { ["name"] = FailureReason.BranchWorkflow, ["version"] = 1 },
            ["inputParameters"] = input,
        };
    }

    private static JsonObject SubWorkflow(JsonObject definition, string name)
    {
        var input = new JsonObject(Passed.Select(key => KeyValuePair.Create(key, (JsonNode?)$"${{workflow.input.{key}}}")));
        if ((string?)definition["correlationId"] is { } correlationId)
        {
            input["correlationId"] = correlationId;
        }

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
            ["taskReferenceName"] = Inner,
            ["type"] = "SUB_WORKFLOW",
            ["subWorkflowParam"] = parameters,
            ["inputParameters"] = input,
        };
    }

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
