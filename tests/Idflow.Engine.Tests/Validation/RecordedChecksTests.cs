using System.Text.Json;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Validation;
using Idflow.Scripting;

namespace Idflow.Engine.Tests.Validation;

/// <summary>Definitions that a Conductor OSS server 3.32.1 was sent, and the errors that it answered, word by word.</summary>
public sealed class RecordedChecksTests
{
    private static readonly string[] Records =
    [
        "expression-validation", "taskdef-validation", "workflowdef-bulk-put", "workflowdef-validation-basics", "workflowdef-validation-control-tasks",
        "workflowdef-validation-references", "workflowdef-validation-switch-decision", "workflowdef-validation-system-tasks",
    ];

    public static TheoryData<string, string, string, string?> Requests()
    {
        var data = new TheoryData<string, string, string, string?>();
        foreach (var name in Records)
        {
            var steps = Read("scenarios", name)["steps"]!.AsArray();
            var events = Read("golden", name)["events"]!.AsArray();
            for (var i = 0; i < steps.Count; i++)
            {
                var call = steps[i]!["http"]!;
                if (call["body"] is { } body)
                {
                    var errors = (int)events[i]!["httpStatus"]! == 400 ? events[i]!["body"]?["validationErrors"]?.ToJsonString() ?? "any" : null;
                    data.Add($"{name}/{call["label"] ?? i}", $"{call["method"]} {call["path"]}", body.ToJsonString().Replace("{{p}}_", "", StringComparison.Ordinal), errors);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_gets_the_recorded_errors(string step, string request, string body, string? expected)
    {
        Assert.NotEmpty(step);
        var validator = new DefinitionValidator(new JavaScriptSandbox(), _ => null);
        var failure = Record.Exception(() => Check(validator, request, JsonNode.Parse(body)!));
        if (expected is null)
        {
            Assert.Null(failure);
            return;
        }

        var refused = Assert.IsType<ConductorException>(failure);
        Assert.Equal((400, "Validation failed, check below errors for detail."), (refused.Status, refused.Message));
        if (expected != "any")
        {
            var wanted = JsonNode.Parse(expected)!.AsArray().Select(error => ((string?)error!["path"], (string?)error["message"], (string?)error["invalidValue"]));
            Assert.Equal(wanted.Order(), refused.ValidationErrors.Select(error => ((string?)error.Path, (string?)error.Message, error.InvalidValue)).Order());
        }
    }

    private static void Check(DefinitionValidator validator, string request, JsonNode body)
    {
        switch (request)
        {
            case "POST /metadata/workflow":
                validator.CheckWorkflowDef("registerWorkflowDef.arg0", Read<WorkflowDef>(body));
                break;
            case "POST /metadata/workflow/validate":
                validator.CheckWorkflowDef("validateWorkflowDef.arg0", Read<WorkflowDef>(body));
                break;
            case "PUT /metadata/workflow":
                validator.CheckWorkflowDefs("updateWorkflowDef.arg0", Read<IReadOnlyList<WorkflowDef>>(body));
                break;
            case "POST /metadata/taskdefs":
                DefinitionValidator.CheckTaskDefs("registerTaskDef.arg0", Read<IReadOnlyList<TaskDef>>(body));
                break;
            default:
                throw new InvalidOperationException(request);
        }
    }

    private static T Read<T>(JsonNode body) => (T)JsonSerializer.Deserialize(body, ConductorJson.Wire.GetTypeInfo(typeof(T))!)!;

    private static JsonNode Read(string kind, string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "conformance", kind, "metadata", name + ".json")))!;
}
