using System.Text.Json.Nodes;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Wire;

namespace Idflow.Engine.Execution;

/// <summary>
/// What a failure workflow gets: the failed run's input, why it failed, and the run itself as the REST API shows it. A run that is too
/// large for an input goes without the payloads of its tasks, then without its tasks, then not at all: the failure is told in any case.
/// </summary>
internal static class FailureInput
{
    /// <param name="fits">Whether an input is within the limit.</param>
    public static JsonObject Of(WorkflowState failed, Func<JsonObject, bool> fits)
    {
        var workflow = Slim(WireMapper.ToWorkflow(failed, includeTasks: true));
        var input = (JsonObject)failed.Row.Input.DeepClone();
        input["workflowId"] = workflow.WorkflowId;
        input["reason"] = workflow.ReasonForIncompletion;
        input["failureStatus"] = workflow.Status.ToString();
        if (failed.Row.FailedTaskId is { } failedTaskId)
        {
            input["failureTaskId"] = failedTaskId;
        }
        foreach (var shown in new[] { workflow, WithoutPayloads(workflow), workflow with { Tasks = [] } })
        {
            input["failedWorkflow"] = ConductorJson.ToNode(shown);
            if (fits(input))
            {
                return input;
            }
        }
        input.Remove("failedWorkflow");
        return input;
    }

    /// <summary>Without the payloads that go by their paths.</summary>
    private static Workflow Slim(Workflow workflow) => workflow with
    {
        Input = workflow.ExternalInputPayloadStoragePath is null ? workflow.Input : [],
        Output = workflow.ExternalOutputPayloadStoragePath is null ? workflow.Output : [],
        Tasks =
        [
            .. workflow.Tasks.Select(task => task with
            {
                InputData = task.ExternalInputPayloadStoragePath is null ? task.InputData : [],
                OutputData = task.ExternalOutputPayloadStoragePath is null ? task.OutputData : [],
            }),
        ],
    };

    private static Workflow WithoutPayloads(Workflow workflow) => workflow with { Tasks = [.. workflow.Tasks.Select(task => task with { InputData = [], OutputData = [] })] };
}
