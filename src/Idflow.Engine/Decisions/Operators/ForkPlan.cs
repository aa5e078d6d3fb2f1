using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Expressions;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>One branch of a dynamic fork.</summary>
/// <param name="IsData">Its input is data, not to be evaluated again.</param>
internal sealed record ForkBranch(WorkflowTask Entry, bool IsData);

/// <summary>
/// Reads the branches of a dynamic fork out of its input: a list of inputs for one task or workflow (<c>forkTaskInputs</c>), a list
/// of planned entries with a map of inputs, or the older single parameter.
/// </summary>
internal static class ForkPlan
{
    public static IReadOnlyList<ForkBranch> Of(Mapping mapping, WorkflowTask entry, JsonObject input)
    {
        var branches = input["forkTaskInputs"] is JsonArray inputs ? FromInputs(mapping, entry, input, inputs)
            : !string.IsNullOrEmpty(entry.DynamicForkTasksParam) ? FromEntries(entry, input)
            : FromLegacy(entry, input);
        return [.. branches.Select(branch => branch with { Entry = WithDefinition(mapping, branch.Entry) })];
    }

    public static JsonNode? ToJson(ForkBranch branch) => ConductorJson.ToNode(branch.Entry);

    private static WorkflowTask WithDefinition(Mapping mapping, WorkflowTask entry) =>
        entry.TaskDefinition is not null ? entry : entry with { TaskDefinition = mapping.Context.Services.Definitions.FindTask(entry.Name ?? "") };

    private static IEnumerable<ForkBranch> FromInputs(Mapping mapping, WorkflowTask fork, JsonObject input, JsonArray inputs)
    {
        var workflow = input["forkTaskWorkflow"]?.ToString();
        var type = input["forkTaskType"]?.ToString() ?? TaskTypes.Simple;
        var name = input["forkTaskName"]?.ToString()
            ?? (workflow is null && OperatorTable.IsSystem(type) ? type : fork.TaskReferenceName!);
        var prefix = mapping.State.HasDynamicFork ? $"_{fork.TaskReferenceName}_{name}_" : $"_{name}_";
        for (var i = 0; i < inputs.Count; i++)
        {
            var element = inputs[i] as JsonObject;
            var parameters = element is null ? new JsonObject { ["input"] = inputs[i]?.DeepClone() } : (JsonObject)element.DeepClone();
            parameters["__index"] = i;
            yield return new ForkBranch(Settings(element) with
            {
                Name = workflow ?? name,
                TaskReferenceName = prefix + i.ToString(CultureInfo.InvariantCulture),
                Type = workflow is null ? type : TaskTypes.SubWorkflow,
                Optional = fork.Optional,
                InputParameters = parameters,
                SubWorkflowParam = workflow is null ? null : new SubWorkflowParams
                {
                    Name = workflow,
                    Version = VersionOf(input["forkTaskWorkflowVersion"]),
                    TaskToDomain = element?["taskToDomain"]?.DeepClone() as JsonObject,
                },
            }, IsData: true);
        }
    }

    /// <summary>Keys of an element that are settings of an entry count as such.</summary>
    private static WorkflowTask Settings(JsonObject? element)
    {
        try
        {
            return element is null ? new WorkflowTask() : ConductorJson.Deserialize<WorkflowTask>(element) ?? new WorkflowTask();
        }
        catch (JsonException)
        {
            return new WorkflowTask();
        }
    }

    private static JsonValue? VersionOf(JsonNode? value) =>
        int.TryParse(value?.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var version) ? JsonValue.Create(version) : null;

    private static IEnumerable<ForkBranch> FromEntries(WorkflowTask fork, JsonObject input)
    {
        var listed = input[fork.DynamicForkTasksParam!];
        var entries = Entries(listed) ?? throw new WorkflowEndException(WorkflowStatus.FAILED,
            $"Input '{fork.DynamicForkTasksParam}' is invalid. Cannot deserialize a list of Workflow Tasks from '{JavaText.Of(listed)}'");
        var given = input[fork.DynamicForkTasksInputParamName ?? ""];
        if (given is not JsonObject inputs)
        {
            throw new WorkflowEndException(WorkflowStatus.FAILED,
                $"Input to the dynamically forked tasks is not a map -> expecting a map of K,V  but found {JavaText.Of(given)}");
        }
        return entries.Select(entry => new ForkBranch(inputs[entry.TaskReferenceName!] is JsonObject own
            ? entry with { InputParameters = TaskInputs.Overlay(entry.InputParameters, own) }
            : entry, IsData: false));
    }

    private static List<WorkflowTask>? Entries(JsonNode? listed)
    {
        try
        {
            var entries = (listed as JsonArray)?.Select(ConductorJson.Deserialize<WorkflowTask>).OfType<WorkflowTask>().ToList();
            return entries is null || entries.Count < ((JsonArray)listed!).Count || entries.Exists(entry => string.IsNullOrEmpty(entry.TaskReferenceName) || (entry.Type == TaskTypes.Simple && string.IsNullOrEmpty(entry.Name))) ? null : entries;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<ForkBranch> FromLegacy(WorkflowTask fork, JsonObject input)
    {
        var planned = (input[fork.DynamicForkJoinTasksParam ?? ""] as JsonObject)?["dynamicTasks"] as JsonArray
            ?? throw new WorkflowEndException(WorkflowStatus.FAILED,
                $"Dynamic tasks could not be created. The value of {fork.DynamicForkJoinTasksParam ?? "null"} from task's input {JavaText.Of(input)} has no dynamic tasks to be scheduled");
        return planned.OfType<JsonObject>().Select(task => new ForkBranch(new WorkflowTask
        {
            Name = task["taskName"]?.ToString(),
            TaskReferenceName = task["referenceName"]?.ToString() ?? task["taskName"]?.ToString(),
            Type = task["type"]?.ToString() ?? TaskTypes.Simple,
            InputParameters = task["input"]?.DeepClone() as JsonObject ?? [],
        }, IsData: false));
    }
}
