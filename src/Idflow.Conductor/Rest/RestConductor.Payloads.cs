using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Conductor.Rest;

/// <content>
/// Payloads that a server keeps apart: an empty map and a path stand in their place. They are fetched, so that callers see the payload either way.
/// A server without an address for them leaves them empty.
/// </content>
public sealed partial class RestConductor
{
    private sealed record PayloadLocation(string? Uri, string? Path);

    private async Task<Workflow> WholeAsync(Workflow workflow, CancellationToken cancellationToken)
    {
        if (workflow.ExternalInputPayloadStoragePath is not null || workflow.ExternalOutputPayloadStoragePath is not null)
        {
            workflow = workflow with
            {
                Input = await PayloadAsync(workflow.Input, workflow.ExternalInputPayloadStoragePath, "WORKFLOW_INPUT", cancellationToken),
                Output = await PayloadAsync(workflow.Output, workflow.ExternalOutputPayloadStoragePath, "WORKFLOW_OUTPUT", cancellationToken),
            };
        }

        return workflow.Tasks.Any(HasPath) ? workflow with { Tasks = await WholeAsync(workflow.Tasks, cancellationToken) } : workflow;
    }

    private async Task<IReadOnlyList<Workflow>> WholeAsync(IReadOnlyList<Workflow> workflows, CancellationToken cancellationToken)
    {
        var whole = new List<Workflow>(workflows.Count);
        foreach (var workflow in workflows)
        {
            whole.Add(await WholeAsync(workflow, cancellationToken));
        }

        return whole;
    }

    private async Task<IReadOnlyList<TaskExecution>> WholeAsync(IReadOnlyList<TaskExecution> tasks, CancellationToken cancellationToken)
    {
        if (!tasks.Any(HasPath))
        {
            return tasks;
        }

        var whole = new List<TaskExecution>(tasks.Count);
        foreach (var task in tasks)
        {
            whole.Add(await WholeAsync(task, cancellationToken));
        }

        return whole;
    }

    private async Task<TaskExecution> WholeAsync(TaskExecution task, CancellationToken cancellationToken) => !HasPath(task) ? task : task with
    {
        InputData = await PayloadAsync(task.InputData, task.ExternalInputPayloadStoragePath, "TASK_INPUT", cancellationToken),
        OutputData = await PayloadAsync(task.OutputData, task.ExternalOutputPayloadStoragePath, "TASK_OUTPUT", cancellationToken),
    };

    private static bool HasPath(TaskExecution task) => task.ExternalInputPayloadStoragePath is not null || task.ExternalOutputPayloadStoragePath is not null;

    private async Task<JsonObject> PayloadAsync(JsonObject sent, string? path, string type, CancellationToken cancellationToken)
    {
        if (sent.Count > 0 || string.IsNullOrEmpty(path))
        {
            return sent;
        }

        var call = type.StartsWith("TASK", StringComparison.Ordinal) ? RestCall.Get($"tasks/externalstoragelocation") : RestCall.Get($"workflow/externalstoragelocation");
        var location = await _transport.SendForJsonAsync<PayloadLocation>(call.With("path", path).With("operation", "READ").With("payloadType", type), cancellationToken);
        return location?.Uri is { Length: > 0 } address ? await _transport.FetchAsync(new Uri(address), cancellationToken) : sent;
    }
}
